import { describe, expect, it } from "@jest/globals";
import { type AccessRule, checkAccess } from "./access.ts";
import type { Caller } from "./caller.ts";

const person = (...roles: string[]): Caller => ({
  kind: "owner",
  ownerId: "o",
  username: "ada",
  accessToken: "t",
  roles,
});
const service = (name: string): Caller => ({ kind: "service", name });

const callers = {
  nobody: person(),
  owner: person("owner"),
  admin: person("admin"),
  bots: service("bots"),
  sly: service("owner"),
};

/** Names of the callers a rule lets in. */
function letIn(rule: AccessRule): string[] {
  return Object.entries(callers).flatMap(([name, caller]) => {
    try {
      checkAccess(rule, caller);
      return [name];
    } catch {
      return [];
    }
  });
}

describe("an access rule", () => {
  const rules: [AccessRule, string[]][] = [
    ["owner", ["owner", "admin"]],
    ["admin", ["admin"]],
    [["bots"], ["bots"]],
    [[], []],
    [{}, []],
    [{ owner: true, services: ["bots"] }, ["owner", "admin", "bots"]],
    [{ admin: true, services: ["bots"] }, ["admin", "bots"]],
    [{ owner: false, admin: true }, ["admin"]],
  ];
  it.each(rules)("%j lets in %j and nobody else", (rule, names) => {
    expect(letIn(rule)).toEqual(names);
  });
});
