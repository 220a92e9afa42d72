import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const CONSOLE = "botfactory-web";
// Keycloak puts the variable's value in its place when it imports the file; where there is none, nobody is sent anywhere.
const WEB_URL = `\${BOTFACTORY_WEB_URL}`;

const consoleClient = z.looseObject({ clientId: z.string(), attributes: z.record(z.string(), z.string()).optional() });
const realm = z.looseObject({ clients: z.array(consoleClient) });
type Client = z.output<typeof consoleClient>;

/** The realm for people: the demo realm's roles, claims and texts, without whatever makes that one fit for one machine only. */
export async function productionRealm(repository: string): Promise<string> {
  const file = join(repository, "docker/keycloak/botfactory-realm.json");
  const {
    users: _people,
    loginTheme: _look,
    clients,
    ...shared
  } = realm.parse(JSON.parse(await readFile(file, "utf8")));
  const forPeople = {
    ...shared,
    sslRequired: "external",
    bruteForceProtected: true,
    // Owners register themselves, with an address that is theirs.
    registrationAllowed: true,
    verifyEmail: true,
    resetPasswordAllowed: true,
    passwordPolicy: "length(10) and notUsername and notEmail",
    clients: clients.filter(({ clientId }) => clientId === CONSOLE).map(ofConsole),
  };
  return `${JSON.stringify(forPeople, null, 2)}\n`;
}

/** The console's client at one address. It has no secret: Keycloak makes one when it imports the file. */
function ofConsole({ secret: _known, attributes, ...client }: Client) {
  return {
    ...client,
    redirectUris: [`${WEB_URL}/callback`],
    attributes: {
      ...attributes,
      "post.logout.redirect.uris": `${WEB_URL}/`,
      "backchannel.logout.url": `${WEB_URL}/k_logout`,
    },
  };
}
