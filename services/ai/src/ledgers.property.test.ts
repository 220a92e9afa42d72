import { type Append, type EventStore, inMemoryEventStore, VersionConflict } from "@botfactory/event-store";
import { CallOutcome, CallSettledSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ledgerProcess, page, SUBJECT } from "../tests/ledger-process.ts";
import { allowanceSubject } from "./allowances.ts";
import { chargedOn } from "./domain/allowance.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import type { LedgerPage } from "./write-ledgers.ts";

const limits: QuotaLimits = {
  callsAWindow: 12,
  windowMs: 60_000,
  callsADay: 1_000,
  longestCallMs: 50_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
const MESSAGES_A_DAY = 4;
const HOUR_MS = 3_600_000;
const OWNERS = ["ada", "bob", "eva"];

/** The log, with each request and answer held back until the scheduler lets it go. */
function delayed(store: EventStore, scheduler: fc.Scheduler): EventStore {
  const held = async <Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer> => {
    await scheduler.schedule(Promise.resolve(), `${name} goes`);
    const answer = await ask();
    await scheduler.schedule(Promise.resolve(), `${name} is answered`);
    return answer;
  };
  return {
    read: (subject, codec, after) => held(`read ${subject}`, () => store.read(subject, codec, after)),
    append: (appends) => held("append", () => store.append(appends)),
  };
}

const asked = fc.array(fc.record({ owner: fc.constantFrom(...OWNERS), key: fc.nat(9) }), {
  minLength: 1,
  maxLength: 9,
});
type Asked = typeof asked extends fc.Arbitrary<infer Some> ? Some : never;

const pageOf = (wishes: Asked, ended: LedgerPage["settle"] = []) => page(wishes, MESSAGES_A_DAY, ended);
const writerOn = (store: EventStore, clockErrorMs: number) =>
  ledgerProcess(store, { limits, now: () => Date.now() + clockErrorMs });

type Writer = ReturnType<typeof writerOn>;

/** What a writer did: its calls in the order they were counted. */
async function callsOf({ write }: Writer, turns: readonly Asked[]): Promise<string[]> {
  const begun: string[] = [];
  for (const wishes of turns) {
    const page = await write(pageOf(wishes));
    const counted = new Set(page.ledger.open.map(({ id }) => id));
    begun.push(...page.admitted.map(({ reservation }) => reservation.reservationId).filter((id) => counted.has(id)));
  }
  return begun;
}

const turns = fc.array(asked, { minLength: 1, maxLength: 3 });
const race = fc.record({ one: turns, other: turns, off: fc.constantFrom(-HOUR_MS, HOUR_MS) });

async function chargedToday(store: EventStore, owner: string): Promise<number> {
  const { state } = await writerOn(store, 0).allowances.load(allowanceSubject(owner));
  return chargedOn(state, Date.now());
}

describe("three processes on one log, each request of theirs as late as may be, one with a clock an hour off", () => {
  it(
    "never admit more than the minute or an owner's day has, and the wrong clock none at all",
    () =>
      fc.assert(
        fc.asyncProperty(fc.scheduler(), race, async (scheduler, { one, other, off }) => {
          const store = inMemoryEventStore();
          const late = delayed(store, scheduler);
          const work = [callsOf(writerOn(late, 0), one), callsOf(writerOn(late, 0), other)];
          const wrong = callsOf(writerOn(late, off), [...one, ...other]);
          const begun = (await scheduler.waitFor(Promise.all(work))).flat();
          expect(await scheduler.waitFor(wrong)).toEqual([]);
          expect(begun.length).toBeLessThanOrEqual(limits.callsAWindow);
          const { open } = (await writerOn(store, 0).quotas.load(SUBJECT)).state;
          expect(open.map(({ id }) => id).sort()).toEqual(begun.sort());
          for (const owner of OWNERS) expect(await chargedToday(store, owner)).toBeLessThanOrEqual(MESSAGES_A_DAY);
        }),
        { numRuns: 40 },
      ),
    60_000,
  );

  it("charge an owner once for a message that several of them try", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const store = inMemoryEventStore();
        const writers = [0, 0, 0].map((error) => writerOn(delayed(store, s), error));
        const same: Asked = [{ owner: "ada", key: 1 }];
        const calls = await s.waitFor(Promise.all(writers.map((writer) => callsOf(writer, [same]))));
        expect(calls.flat()).toHaveLength(3);
        expect(await chargedToday(store, "ada")).toBe(1);
      }),
      { numRuns: 20 },
    ));

  it("give back a message none of whose tries was answered", async () => {
    const writer = writerOn(inMemoryEventStore(), 0);
    const { admitted } = await writer.write(pageOf([{ owner: "ada", key: 1 }]));
    const ended = admitted.map(({ reservation: { reservationId, chargeKey, ownerId } }) =>
      create(CallSettledSchema, { reservationId, chargeKey, ownerId, outcome: CallOutcome.FAILED }),
    );
    await writer.write(pageOf([], ended));
    expect((await writer.allowances.load(allowanceSubject("ada"))).state.charged).toBe(0);
  });
});

describe("one process", () => {
  it("lets each call be judged by what its own caller knows of the plan", async () => {
    const asking = (messagesADay: number | undefined, key: number) => {
      const [one] = pageOf([{ owner: "ada", key }]).asking;
      return one === undefined ? [] : [{ ...one, messagesADay }];
    };
    const [first, other] = [writerOn(inMemoryEventStore(), 0), writerOn(inMemoryEventStore(), 0)];
    const page = { ...pageOf([]), asking: [...asking(1, 1), ...asking(2, 2), ...asking(2, 3)] };
    expect(await first.write(page)).toMatchObject({ admitted: { length: 2 }, spent: { length: 1 } });
    const mixed = { ...pageOf([]), asking: [...asking(1, 1), ...asking(undefined, 2), ...asking(1, 3)] };
    expect(await other.write(mixed)).toMatchObject({ admitted: { length: 2 }, spent: { length: 1 } });
  });

  it("calls it an outage when others are always faster", async () => {
    const store = inMemoryEventStore();
    const append = async ([first]: readonly Append[]) => {
      throw new VersionConflict(first ?? { subject: SUBJECT, expectedSequence: 0, events: [] });
    };
    const { write } = writerOn({ ...store, append }, 0);
    await expect(write(pageOf([{ owner: "ada", key: 1 }]))).rejects.toMatchObject({ kind: "unavailable" });
  }, 20_000);
});
