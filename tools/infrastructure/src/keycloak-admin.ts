import type { KeycloakAdministrator } from "./demo-realm.ts";
import { tokenEndpoint } from "./demo-realm.ts";

/** Asks Keycloak's administration for what the path names, and answers with the JSON it gave; throws at anything but a yes. */
export type KeycloakAdmin = (method: "GET" | "POST" | "PUT", path: string, body?: object) => Promise<unknown>;

/** What an administrator may do at the Keycloak of this URL. */
export function keycloakAdmin(url: string, administrator: KeycloakAdministrator): KeycloakAdmin {
  return async (method, path, body) => {
    const response = await fetch(`${url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${await token(url, administrator)}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`Keycloak: ${method} ${path}: ${response.status} ${said}`);
    return said === "" ? undefined : JSON.parse(said);
  };
}

// Asked for each time: it is good for a minute only.
async function token(url: string, { username, password }: KeycloakAdministrator): Promise<string> {
  const body = new URLSearchParams({ grant_type: "password", client_id: "admin-cli", username, password });
  const response = await fetch(tokenEndpoint(url, "master"), { method: "POST", body });
  const { access_token: granted } = (await response.json()) as { access_token?: string };
  if (granted === undefined) throw new Error(`Keycloak at ${url} knows no administrator "${username}"`);
  return granted;
}
