import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type GaleResult, gale } from "./gale.ts";
import { furnish, type StormChat } from "./load.ts";
import { seeded } from "./seeded.ts";
import { type StormStack, startStormStack } from "./storm-stack.ts";
import { type Supervisor, supervise } from "./supervisor.ts";

// Its plan kills each of conversation, ingress, ai and the log, stops a conversation and cuts another off.
const SEED = 57;
const tell = () => undefined;
let stack: StormStack;
let chats: readonly StormChat[];
let supervisor: Supervisor;

beforeAll(async () => {
  stack = await startStormStack({ random: seeded(SEED), retryScale: 0.2 });
  supervisor = supervise(stack.processes);
  chats = await furnish(stack, { owners: 2, bots: 4, chats: 40 });
}, 180_000);
afterAll(async () => {
  supervisor.leave();
  await stack.stop();
}, 60_000);

const FAULTLESS = { lost: [], outOfOrder: [], unknown: [], astray: [] };

function summary({ updates, classes, duplicated, refusedPosts, wastedModelCalls, faults }: GaleResult): void {
  const figures = {
    updates,
    ...classes,
    duplicated: duplicated.length,
    refusedPosts: refusedPosts.length,
    wastedModelCalls,
    ...faults,
  };
  process.stderr.write(`  ${JSON.stringify(figures)}\n`);
}

describe("two processes of each service under load", () => {
  it("lose nothing and keep every chat's order while processes and the log are killed, stopped and cut off", async () => {
    const result = await gale(stack, chats, {
      seed: SEED,
      updates: 300,
      kills: 4,
      restarts: 0,
      stormMs: 20_000,
      drainMs: 180_000,
      tell,
    });
    summary(result);
    expect(result).toMatchObject(FAULTLESS);
    expect(result.duplicated.filter(({ excuse }) => excuse === undefined)).toEqual([]);
    expect(result.updates).toBeGreaterThanOrEqual(300);
    expect(result.classes.answered).toBeGreaterThan(result.updates / 2);
    expect(result.isMet).toBe(true);
    expect(supervisor.crashes).toEqual([]);
  }, 300_000);

  it("neither lose, double nor refuse anything while each is restarted in turn", async () => {
    const result = await gale(stack, chats, {
      seed: SEED + 1,
      updates: 100,
      kills: 0,
      restarts: 1,
      stormMs: 20_000,
      drainMs: 120_000,
      tell,
    });
    summary(result);
    expect(result).toMatchObject({ ...FAULTLESS, duplicated: [], refusedPosts: [], isMet: true });
    expect(supervisor.crashes).toEqual([]);
  }, 300_000);
});
