import { readFile } from "node:fs/promises";

const FILE = new URL("../../../deploy/keycloak/botfactory-realm.json", import.meta.url);

/** The realm for people, for a console at this address (https://…), as Keycloak's administration takes it; nothing put in without one. */
export async function productionRealm(webUrl?: string): Promise<object> {
  const text = await readFile(FILE, "utf8");
  return JSON.parse(webUrl === undefined ? text : text.replace(/\$\{BOTFACTORY_WEB_URL\}/g, webUrl));
}
