// Gives an installation its demo and ends: what docker/compose.yaml runs when everything is healthy.
import { z } from "zod";
import { CLI_CLIENT, tokenEndpoint } from "../demo-realm.ts";
import { toStandardError } from "../progress.ts";
import { DEMO_USERS, seedDemo } from "./seed-demo.ts";

const environment = z.object({
  WEB_URL: z.url(),
  KEYCLOAK_URL: z.url(),
  KEYCLOAK_REALM: z.string().min(1),
  TELEGRAM_API_ROOT: z.url(),
  SIMULATOR_URL: z.url(),
});

const { WEB_URL: web, KEYCLOAK_URL, KEYCLOAK_REALM, TELEGRAM_API_ROOT, SIMULATOR_URL } = environment.parse(process.env);
await seedDemo({
  web,
  simulator: TELEGRAM_API_ROOT === SIMULATOR_URL ? SIMULATOR_URL : "",
  keycloak: { clientId: CLI_CLIENT, tokenEndpoint: tokenEndpoint(KEYCLOAK_URL, KEYCLOAK_REALM) },
});
for (const { username, password, role, plan } of DEMO_USERS) {
  toStandardError(`sign in as ${username} / ${password} (${role}, ${plan})`);
}
