import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { choosePlan, connectBot } from "../../e2e/support/bots.ts";
import type { Owner } from "../../e2e/support/people.ts";
import { startTestStack, type TestStack } from "../../e2e/support/test-stack.ts";
import { countOf, isFull, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { runSchemathesis, schemathesisPython } from "./schemathesis.ts";

const OWNERS = ["aziza", "boris", "admin"];
const examples = countOf({ short: 5, full: 200 });
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface OwnerWithBots extends Owner {
  readonly bots: readonly string[];
}

let stack: TestStack;
let reports: string;
let owners: readonly OwnerWithBots[];

beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "botfactory-rest-"));
  [stack] = await Promise.all([
    startTestStack({ env: { GEMINI_RPM: "100000", GEMINI_RPD: "1000000" } }),
    schemathesisPython(),
  ]);
  const withBots: OwnerWithBots[] = [];
  // One after another: Keycloak takes two sign-ins of one person at once for an attack.
  for (const name of OWNERS) {
    const owner = await stack.people.owner(name);
    await choosePlan(stack, owner, "premium");
    const bots = [await connectBot(stack, owner), await connectBot(stack, owner)];
    withBots.push({ ...owner, bots: bots.map(({ id }) => id) });
  }
  owners = withBots;
}, 420_000);
afterAll(async () => {
  await stack?.stop();
  await rm(reports, { recursive: true, force: true });
}, 60_000);

function argumentsFor(owner: OwnerWithBots): readonly string[] {
  return [
    ...["--config-file", here("schemathesis.toml"), "run"],
    `${stack.web}/api/v1/openapi.json`,
    ...["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", `${examples}`],
    ...["--seed", `${seedOfRun()}`, "--generation-database", "none", "--continue-on-failure"],
    ...["--no-color", "--warnings", "off", "--suppress-health-check", "all", "--request-timeout", "60"],
    ...["--report", "junit", "--report-dir", join(reports, owner.username)],
  ];
}

function environmentOf(owner: OwnerWithBots): NodeJS.ProcessEnv {
  const { clientId, tokenEndpoint } = stack.neighbours.keycloak;
  const { username } = owner;
  const request = { grant_type: "password", client_id: clientId, username, password: `demo-${username}` };
  const others = owners.filter(({ ownerId }) => ownerId !== owner.ownerId);
  return {
    SCHEMATHESIS_HOOKS: here("hooks.py"),
    FUZZ_REPORTS: reports,
    FUZZ_TOKEN_ENDPOINT: tokenEndpoint,
    FUZZ_TOKEN_REQUEST: JSON.stringify(request),
    FUZZ_SIMULATOR: stack.neighbours.simulator,
    FUZZ_OWN_BOTS: owner.bots.join(" "),
    FUZZ_FOREIGN_BOTS: others.flatMap(({ bots }) => bots).join(" "),
    FUZZ_FOREIGN_OWNERS: others.map(({ ownerId }) => ownerId).join(" "),
  };
}

describe("the JSON API under requests its own document allows and forbids", () => {
  it.each(isFull() ? OWNERS : OWNERS.slice(0, 1))(
    "answers %s as the document says, never with 5xx, and never with what is another owner's",
    async (username) => {
      const seconds = stopwatch();
      const owner = owners.find((each) => each.username === username);
      if (owner === undefined) throw new Error(`no owner ${username}`);
      const { code, output } = await runSchemathesis(argumentsFor(owner), environmentOf(owner));
      const summary = output.slice(output.indexOf("= SUMMARY ="));
      report(`rest-${username}`, {
        perOperation: examples,
        seconds: seconds(),
        cases: /(\d+) generated/.exec(summary)?.[1],
      });
      if (code !== 0) throw new Error(output.slice(output.indexOf("= FAILURES =")));
      expect(summary).toMatch(/\d+ generated/);
      expect(stack.processes.filter(({ pid }) => pid() === undefined).map(({ name }) => name)).toEqual([]);
    },
    timeFor(120_000),
  );
});
