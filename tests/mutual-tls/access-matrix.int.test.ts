import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccessRule, authenticator } from "@botfactory/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  certificateAuthority,
  serviceCertificate,
  writeTlsFiles,
} from "../../packages/rpc/tests/support/certificates.ts";
import { localKeycloak } from "../../packages/rpc/tests/support/local-keycloak.ts";
import { type Certificate, certificates, type Token, tokens } from "./callers.ts";
import { type Calls, methods, serveAll } from "./served.ts";

const authority = certificateAuthority();
const everyCertificate = certificates(authority);
const serviceAuthKey = randomBytes(32).toString("base64");
let keycloak: Awaited<ReturnType<typeof localKeycloak>>;
let everyToken: readonly Token[];
let calls: Calls;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "botfactory-matrix-"));
  keycloak = await localKeycloak();
  everyToken = await tokens(serviceAuthKey, keycloak);
  const filesOf = (service: string) =>
    writeTlsFiles(join(home, service), serviceCertificate(authority, service), authority.pem);
  calls = await serveAll(filesOf, authenticator({ serviceAuthKey, keycloak: keycloak.options }));
});
afterAll(async () => {
  await calls.stop();
  await keycloak.stop();
  await rm(home, { recursive: true });
});

/** What must come of a call, read off the table's row. */
function declared(rule: AccessRule, certificate: Certificate, token: Token): string {
  if (certificate.names === "refused") return "unavailable";
  if (certificate.names === "nobody" || token.is === "nothing") return "unauthenticated";
  if (token.is === "a service" && token.name !== certificate.name) return "unauthenticated";
  if (token.is === "a person" && certificate.name !== "web") return "forbidden";
  return letIn(rule).includes(token.name) ? "reached" : "forbidden";
}

function letIn(rule: AccessRule): readonly string[] {
  if (rule === "owner") return ["an owner", "an admin"];
  if (rule === "admin") return ["an admin"];
  if (!("services" in rule || "owner" in rule || "admin" in rule)) return rule as readonly string[];
  return [...(rule.services ?? []), ...letIn(rule.owner ? "owner" : rule.admin ? "admin" : [])];
}

describe("a call gets where the table says, whatever certificate and token it comes with:", () => {
  it.each(methods)("$service: $name", async ({ ...method }) => {
    const cells = everyCertificate.flatMap((certificate) => everyToken.map((token) => ({ certificate, token })));
    const nameOf = ({ certificate, token }: (typeof cells)[number]) =>
      `${token.name} by certificate ${certificate.name}`;
    const measured = cells.map(async (cell) => [
      nameOf(cell),
      await calls.outcome(method, cell.certificate, cell.token),
    ]);
    const expected = cells.map((cell) => [nameOf(cell), declared(method.rule, cell.certificate, cell.token)]);
    expect(Object.fromEntries(await Promise.all(measured))).toEqual(Object.fromEntries(expected));
  });
});
