import { DomainError } from "@botfactory/decider";
import { chatKey } from "@botfactory/encryption";
import { type EventStore, inMemoryEventStore } from "@botfactory/event-store";
import type { Call } from "@botfactory/rpc";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { botKeySubject, chatKeySubject } from "../../../packages/encryption/src/key-subjects.ts";
import { accounts } from "../../../services/bots/src/accounts.ts";
import { defaultPlans } from "../../../services/bots/src/domain/plan.ts";
import type { Bots } from "../../../services/conversation/src/bots-client.ts";
import { ownBot } from "../../../services/conversation/src/own-bot.ts";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { anyHostileId } from "./hostile-id.ts";

const numRuns = countOf({ short: 2_000, full: 10_000 });
const GRAMMAR = /^(accounts|telegram-bots|keys\.bot|keys\.chat\.[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

/** A log that notes every subject it is asked for. */
function noting(subjects: Set<string>): EventStore {
  const store = inMemoryEventStore();
  return {
    read: (subject, codec, after) => store.read(subjects.add(subject) && subject, codec, after),
    append: (appends) => {
      for (const { subject } of appends) subjects.add(subject);
      return store.append(appends);
    },
  };
}

/** The subject a function makes, none when it refuses the id; any other failure is a defect. */
function madeBy(make: () => string): string[] {
  try {
    return [make()];
  } catch (error) {
    if (error instanceof RangeError || error instanceof DomainError) return [];
    throw error;
  }
}

async function refusedOrDone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

describe("an id somebody made up", () => {
  it(
    "never becomes a subject of another shape",
    async () => {
      const seconds = stopwatch();
      const subjects = new Set<string>();
      const owners = accounts(noting(subjects), defaultPlans);
      const check = fc.asyncProperty(anyHostileId(), anyHostileId(), async (id, other) => {
        await refusedOrDone(() => owners.handle(id, { type: "OpenAccount" }));
        await refusedOrDone(() => owners.load(id));
        for (const subject of madeBy(() => botKeySubject(id))) subjects.add(subject);
        for (const subject of madeBy(() => chatKeySubject(id, other))) subjects.add(subject);
        expect(chatKey("secret", id, other)).toMatch(/^[a-z2-7]{26}$/);
      });
      await fc.assert(check, { seed: seedOfRun(), numRuns });
      expect([...subjects].filter((subject) => !GRAMMAR.test(subject))).toEqual([]);
      expect(subjects.size).toBeGreaterThan(10);
      report("subjects", { inputs: numRuns, subjects: subjects.size, seconds: seconds() });
    },
    timeFor(30_000),
  );

  it("is never asked for at another service unless it could be a bot's", async () => {
    const asked = new Set<string>();
    const bots: Bots = {
      find: async (botId) => void asked.add(botId),
      ownerOf: () => undefined,
      reportTokenRevoked: async () => undefined,
    };
    const caller = { kind: "owner", ownerId: "ada", username: "ada", roles: ["owner"], accessToken: "" } as const;
    const call: Pick<Call, "caller"> = { caller };
    const check = fc.asyncProperty(anyHostileId(), async (id) => {
      await expect(ownBot(bots, id, call as Call)).rejects.toMatchObject({ code: "bot_not_found" });
    });
    await fc.assert(check, { seed: seedOfRun(), numRuns });
    expect([...asked].filter((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id))).toEqual([]);
  });
});
