import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { jwtVerify } from "jose";
import { keycloakKeys } from "../src/keycloak-keys.ts";
import { localKeycloak } from "./support/local-keycloak.ts";

let keycloak: Awaited<ReturnType<typeof localKeycloak>>;
beforeAll(async () => {
  keycloak = await localKeycloak();
});
afterAll(() => keycloak.stop());

const realmUrl = () => `${keycloak.options.url}/realms/botfactory`;

describe("Keycloak's keys", () => {
  it("are asked for once for many tokens", async () => {
    const keys = keycloakKeys(realmUrl());
    const token = await keycloak.token();
    await Promise.all(Array.from({ length: 20 }, () => jwtVerify(token, keys)));
    expect(keycloak.state.asked).toBe(1);
  });

  it("stop working soon after Keycloak has withdrawn them", async () => {
    const keys = keycloakKeys(realmUrl(), 0);
    const token = await keycloak.token();
    await jwtVerify(token, keys);
    keycloak.state.withdrawn = true;
    const refused = async (): Promise<unknown> => jwtVerify(token, keys).then(refused, (error: unknown) => error);
    expect(await refused()).toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  });
});
