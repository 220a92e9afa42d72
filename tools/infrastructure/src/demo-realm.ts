import { fileURLToPath } from "node:url";
import type { Progress } from "./progress.ts";

/** The demo realm, also imported by docker/compose.yaml. */
export const REALM_FILE = fileURLToPath(new URL("../../../docker/keycloak/botfactory-realm.json", import.meta.url));

/** The look of the demo realm's sign-in pages; a Keycloak without it shows its own. */
export const THEMES = fileURLToPath(new URL("../../../docker/keycloak/themes", import.meta.url));

/** The public client of the demo realm that may use the password grant. */
export const CLI_CLIENT = "botfactory-cli";

/** Where a realm gives tokens. */
export function tokenEndpoint(url: string, realm: string): string {
  return `${url}/realms/${realm}/protocol/openid-connect/token`;
}

/** Who may change a Keycloak's realms. */
export interface KeycloakAdministrator {
  readonly username: string;
  readonly password: string;
}

export interface KeycloakOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Where registered users and sessions are kept over restarts; a temporary directory when left out. */
  readonly dataDirectory?: string;
  /** Where the console will be (http://…), for back-channel logout; taken at the first start in a data directory. */
  readonly webUrl?: string;
  /** Made at the first start in a data directory; none when left out. */
  readonly administrator?: KeycloakAdministrator;
  readonly progress?: Progress;
}

/** The placeholder of the realm file that says where the console is, and what Keycloak itself reads. */
export function keycloakEnvironment({ webUrl, administrator }: KeycloakOptions): Record<string, string> {
  return {
    ...(webUrl !== undefined && { BOTFACTORY_WEB_URL: webUrl }),
    ...(administrator !== undefined && {
      KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
    }),
  };
}
