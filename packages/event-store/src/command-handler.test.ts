import { DomainError } from "@botfactory/decider";
import { describe, expect, it } from "@jest/globals";
import { claim, claimCodec } from "../tests/claims.ts";
import { specifyCommandHandler } from "../tests/command-handler-spec.ts";
import { commandHandler } from "./command-handler.ts";
import { inMemoryEventStore } from "./in-memory-event-store.ts";

describe("command handling in memory", () => specifyCommandHandler(async () => inMemoryEventStore(), 300));

describe("a handler that decides first on what it remembers", () => {
  const subject = "telegram-bots.1";

  /** Two processes on one log; the first one counts what it reads. */
  function twoProcesses() {
    const store = inMemoryEventStore();
    const options = { decider: claim, codec: claimCodec, optimistic: true };
    let reads = 0;
    const read: typeof store.read = (...of) => {
      reads += 1;
      return store.read(...of);
    };
    return {
      mine: commandHandler({ store: { ...store, read }, ...options }),
      others: commandHandler({ store, ...options }),
      reads: () => reads,
    };
  }

  it("reads nothing while nobody else writes", async () => {
    const { mine, reads } = twoProcesses();
    await mine.handle(subject, { type: "claim", botId: "a" });
    await mine.handle(subject, { type: "release", botId: "a" });
    const { state } = await mine.handle(subject, { type: "claim", botId: "b" });
    expect(state).toEqual({ holder: "b", history: ["a", "b"] });
    expect(reads()).toBe(1);
  });

  it("refuses nothing, and leaves nothing undone, on what was so only once", async () => {
    const { mine, others } = twoProcesses();
    await mine.handle(subject, { type: "claim", botId: "a" });
    await others.handle(subject, { type: "release", botId: "a" });
    await mine.handle(subject, { type: "claim", botId: "b" });
    await others.handle(subject, { type: "release", botId: "b" });
    const again = await mine.handle(subject, { type: "claim", botId: "b" });
    expect(again.state).toEqual({ holder: "b", history: ["a", "b", "b"] });
  });

  it("takes nothing that somebody else took meanwhile", async () => {
    const { mine, others } = twoProcesses();
    await mine.handle(subject, { type: "claim", botId: "a" });
    await mine.handle(subject, { type: "release", botId: "a" });
    await others.handle(subject, { type: "claim", botId: "b" });
    await expect(mine.handle(subject, { type: "claim", botId: "a" })).rejects.toBeInstanceOf(DomainError);
  });
});

describe("a handler with snapshots", () => {
  it("keeps them while the log is away, and asks it no second time", async () => {
    const dropped: string[] = [];
    let reads = 0;
    const read = async () => {
      reads += 1;
      throw new DomainError("unavailable", "unavailable");
    };
    const snapshots = {
      find: async () => ({ state: claim.initial, revision: 8, eventId: "e" }),
      keep: () => true,
      drop: (subject: string) => void dropped.push(subject),
    };
    const options = { store: { ...inMemoryEventStore(), read }, decider: claim, codec: claimCodec, snapshots };
    await expect(commandHandler(options).load("telegram-bots.1")).rejects.toMatchObject({ kind: "unavailable" });
    expect({ dropped, reads }).toEqual({ dropped: [], reads: 1 });
  });
});
