import { startKeycloak } from "../../tools/infrastructure/src/index.ts";
import startDatabase from "./int.ts";
import { sharedByTheRun } from "./shared-parts.ts";

/** Starts what the e2e tests of one run share: the database and Keycloak. Each test starts the product by itself. */
export default async function setUp(): Promise<void> {
  const [keycloak] = await Promise.all([startKeycloak(), startDatabase()]);
  process.env["KEYCLOAK_URL"] = sharedByTheRun(keycloak).url;
  process.env["KEYCLOAK_REALM"] = keycloak.realm;
  process.env["KEYCLOAK_CLIENT_SECRET"] = keycloak.clientSecret;
}
