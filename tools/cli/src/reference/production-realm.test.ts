import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { productionRealm } from "./production-realm.ts";

const repository = resolve(fileURLToPath(import.meta.url), "../../../../..");
const read = (file: string) => readFile(join(repository, file), "utf8");

let made: string;
beforeAll(async () => {
  made = await productionRealm(repository);
});

describe("the realm for people", () => {
  it("stands in deploy/keycloak as make reference writes it", async () => {
    expect(await read("deploy/keycloak/botfactory-realm.json")).toBe(made);
  });

  it("has the demo realm's roles, claims and languages", async () => {
    const [people, demo] = [JSON.parse(made), JSON.parse(await read("docker/keycloak/botfactory-realm.json"))];
    for (const shared of ["realm", "roles", "defaultRole", "localizationTexts", "accessTokenLifespan"]) {
      expect(people[shared]).toEqual(demo[shared]);
    }
    expect(people.clients).toHaveLength(1);
    const [{ secret, redirectUris, attributes, ...client }] = demo.clients;
    expect(people.clients[0]).toMatchObject(client);
  });

  it("has nobody's account, no secret, no address and no look of its own", () => {
    expect(made).not.toMatch(/demo|127\.0\.0\.1|localhost|"(users|secret|loginTheme|credentials)"/);
  });

  it("keeps what the demo realm may do without", () => {
    const safe = { sslRequired: "external", bruteForceProtected: true, verifyEmail: true };
    expect(JSON.parse(made)).toMatchObject(safe);
  });
});
