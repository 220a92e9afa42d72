import { DomainError } from "@botfactory/decider";
import { inMemoryEventStore } from "@botfactory/event-store";
import { CallOutcome, CallSettledSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { allowanceSubject } from "./allowances.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import { ledgers, quotaCodec } from "./ledgers.ts";

const limits: QuotaLimits = {
  callsAWindow: 12,
  windowMs: 60_000,
  callsADay: 1_000,
  longestCallMs: 50_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
const reservation = (id: string) =>
  create(ReservationSchema, { reservationId: id, chargeKey: `b:${id}`, ownerId: "ada", botId: "b" });
const wish = (id: string, signal = new AbortController().signal) => ({
  reservation: reservation(id),
  messagesADay: 5,
  giveUpAt: Date.now(),
  signal,
});
function ended(id: string, outcome: CallOutcome, { endedAt = Date.now(), seenBy = Date.now() } = {}) {
  const { reservationId, chargeKey, ownerId, botId } = reservation(id);
  return {
    settle: [
      create(CallSettledSchema, {
        reservationId,
        chargeKey,
        ownerId,
        botId,
        outcome,
        settledAtUnixMs: BigInt(endedAt),
        seenByUnixMs: BigInt(seenBy),
      }),
    ],
  };
}

/** A ledger in memory, and what the log took: the kinds of each append's events. */
function scene({ onAppend = (): void | Promise<void> => {}, callsAWindow = limits.callsAWindow } = {}) {
  const store = inMemoryEventStore();
  const appended: string[][] = [];
  let isSilent = false;
  let refused: string | undefined;
  let tries = 0;
  const append: typeof store.append = async (appends) => {
    await onAppend();
    tries += 1;
    const own = appends.filter(({ subject }) => subject.startsWith("quotas."));
    const facts = own.flatMap(({ events }) => events.map(({ payload }) => quotaCodec.decode(payload)));
    if (facts.some(({ case: kind, value }) => kind === "callSettled" && value.reservationId === refused))
      throw new Error("the owner's allowance is damaged");
    const revisions = await store.append(appends);
    appended.push(facts.map(({ case: kind }) => kind));
    if (!isSilent) return revisions;
    isSilent = false;
    throw new DomainError("unavailable", "unavailable");
  };
  const silence = () => {
    isSilent = true;
  };
  const refuse = (reservationId: string | undefined) => {
    refused = reservationId;
  };
  const startOf = { quota: async () => 0, allowance: async () => 0 };
  const onWrongClock = () => Promise.reject(new Error("the clock is right"));
  const books = ledgers({
    store: { ...store, append },
    limits: { ...limits, callsAWindow },
    now: () => Date.now(),
    startOf,
    onWrongClock,
  });
  return { books, ledger: books.of("p", "m"), appended, silence, refuse, tries: () => tries };
}

describe("a caller who leaves while the log stores the call", () => {
  it("costs its owner nothing", async () => {
    const leaving = new AbortController();
    const { books, ledger } = scene({ onAppend: () => leaving.abort(new Error("the caller left")) });
    await expect(ledger.reserve(wish("r", leaving.signal))).rejects.toThrow("the caller left");
    await books.flush();
    expect((await books.allowances.load(allowanceSubject("ada"))).state.charged).toBe(0);
  });
});

describe("many callers of one owner in the same moment", () => {
  it("are no crowd before the ledger has looked whether there is room for them", async () => {
    const { ledger } = scene();
    await ledger.reserve(wish("first"));
    const asked = Array.from({ length: 150 }, (_, index) => ledger.reserve(wish(`${index}`)));
    expect(ledger.crowded("ada")).toBeUndefined();
    await Promise.all(asked);
  });

  it("are a crowd when a hundred of them wait for room", async () => {
    const { ledger } = scene();
    const leaving = new AbortController();
    const patient = (id: string) => ({
      ...wish(id, leaving.signal),
      giveUpAt: Date.now() + 3_600_000,
      messagesADay: 1_000,
    });
    const asked = Array.from({ length: 150 }, (_, index) => ledger.reserve(patient(`${index}`)));
    await asked[0];
    await new Promise(setImmediate);
    expect(ledger.crowded("ada")).toMatchObject({ scope: "minute" });
    leaving.abort(new Error("enough"));
    await Promise.allSettled(asked);
  });
});

describe("the end of a call", () => {
  afterEach(() => void jest.useRealTimers());

  it("is written together with the next reservation when it was answered", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    const stored = ledger.write(ended("1", CallOutcome.ANSWERED));
    await new Promise(setImmediate);
    await ledger.reserve(wish("2"));
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("waits for the next reservation also when it comes while one is being stored", async () => {
    let stored: Promise<void> | undefined;
    const { ledger, appended } = scene({
      onAppend: () => {
        if (appended.length === 1) stored = ledger.write(ended("1", CallOutcome.ANSWERED));
      },
    });
    await ledger.reserve(wish("1"));
    await ledger.reserve(wish("2"));
    await new Promise(setImmediate);
    await ledger.reserve(wish("3"));
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("is written also when more have come than one append takes", async () => {
    const { ledger, appended } = scene({ callsAWindow: 200 });
    const ids = Array.from({ length: 150 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => ledger.reserve({ ...wish(id), messagesADay: 150 })));
    await Promise.all(ids.map((id) => ledger.write(ended(id, CallOutcome.ANSWERED))));
    expect(appended.map(({ length }) => length)).toEqual([1, 100, 50]);
  });

  it("is written though a reservation in the same append cannot be", async () => {
    let isDamaged = false;
    const { ledger, appended } = scene({
      onAppend: () => {
        if (!isDamaged) return;
        isDamaged = false;
        throw new DomainError("unavailable", "log_damaged");
      },
    });
    await ledger.reserve(wish("1"));
    isDamaged = true;
    const stored = ledger.write(ended("1", CallOutcome.ANSWERED));
    await expect(ledger.reserve(wish("2"))).rejects.toMatchObject({ code: "log_damaged" });
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("is written once when the log stored it and fell silent", async () => {
    const { ledger, appended, silence } = scene();
    await ledger.reserve(wish("1"));
    silence();
    const stored = ledger.write(ended("1", CallOutcome.FAILED));
    await expect(ledger.reserve(wish("2"))).rejects.toThrow("unavailable");
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("is tried again as long as the ledger surely knows whether it has it, and then fails", async () => {
    const { ledger, refuse, tries } = scene();
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    const fails = (endedAt: number) => expect(ledger.write(ended("1", CallOutcome.FAILED, { endedAt }))).rejects;
    await fails(Date.now() - 30_000).toThrow("damaged");
    expect(tries()).toBe(2);
    const hasFailed = fails(Date.now()).toThrow("damaged");
    await jest.advanceTimersByTimeAsync(60_000);
    await hasFailed;
    expect(tries()).toBeGreaterThan(4);
  });

  it("is tried again also when the answer took longer than that", async () => {
    const { ledger, refuse, appended } = scene();
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    const stored = ledger.write(ended("1", CallOutcome.FAILED, { seenBy: Date.now() - 45_000 }));
    await jest.advanceTimersByTimeAsync(1);
    refuse(undefined);
    await jest.advanceTimersByTimeAsync(10_000);
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("that cannot be written fails what is asked for beside it once, and nothing after", async () => {
    let takesMs = 0;
    const onAppend = () => new Promise<void>((resolve) => (takesMs > 0 ? setTimeout(resolve, takesMs) : resolve()));
    const { ledger, refuse, tries } = scene({ callsAWindow: 300, onAppend });
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    takesMs = 150;
    const written = expect(ledger.write(ended("1", CallOutcome.FAILED))).rejects.toThrow("damaged");
    const beside = expect(ledger.reserve(wish("2"))).rejects.toThrow("damaged");
    await jest.advanceTimersByTimeAsync(takesMs);
    await beside;
    const asked: Promise<unknown>[] = [];
    for (let index = 0; index < 200; index += 1) {
      asked.push(ledger.reserve({ ...wish(`next ${index}`), messagesADay: 300 }));
      await jest.advanceTimersByTimeAsync(50);
    }
    await jest.advanceTimersByTimeAsync(60_000);
    await Promise.all(asked);
    await written;
    expect(tries()).toBeGreaterThan(200 / 3);
  });

  it("is written although another one, which came with it, cannot be", async () => {
    const { ledger, appended, refuse } = scene();
    await ledger.reserve(wish("1"));
    await ledger.reserve(wish("2"));
    refuse("1");
    jest.useFakeTimers();
    ledger.write(ended("1", CallOutcome.FAILED)).catch(() => undefined);
    const other = ledger.write(ended("2", CallOutcome.FAILED));
    await jest.advanceTimersByTimeAsync(20_000);
    await other;
    expect(appended).toEqual([["callsReserved"], ["callsReserved"], ["callSettled"]]);
  });

  it("is written by itself when no other call comes", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    await ledger.write(ended("1", CallOutcome.ANSWERED));
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("is written at once when it was not answered: the owner gets the charge back", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    jest.useFakeTimers();
    await ledger.write(ended("1", CallOutcome.FAILED));
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });
});
