import { type Append, type EventStore, inMemoryEventStore, VersionConflict } from "@botfactory/event-store";
import { CallOutcome, CallSettledSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Allowances, allowanceCodec, allowanceSubject } from "./allowances.ts";
import { chargedOn, evolveAllowance, unspent } from "./domain/allowance.ts";
import { evolveLedger } from "./domain/evolve-ledger.ts";
import { emptyLedger, type Ledger, type QuotaFact, type QuotaLimits } from "./domain/ledger.ts";
import { type LedgerLog, ledgerLog } from "./ledger-log.ts";
import { quotaCodec } from "./ledgers.ts";
import { type LedgerPage, ledgerWriter } from "./write-ledgers.ts";

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
const SUBJECT = "quotas.p.m";
const OWNERS = ["ada", "bob", "eva"];

/** A process of its own: nothing shared with others but the log. */
function writerOn(store: EventStore, clockErrorMs: number) {
  const startOf = async () => 0;
  const quotas: LedgerLog<Ledger, QuotaFact> = ledgerLog({
    store,
    codec: quotaCodec,
    initial: emptyLedger,
    evolve: (ledger, fact, storedAt) => evolveLedger(limits, ledger, { fact, storedAt }),
    startOf,
  });
  const allowances: Allowances = ledgerLog({
    store,
    codec: allowanceCodec,
    initial: unspent,
    evolve: (state, fact, storedAt) => evolveAllowance(limits, state, { fact, storedAt }),
    startOf,
  });
  const now = () => Date.now() + clockErrorMs;
  const write = ledgerWriter({ store, quotas, allowances, limits, now, stopwatch: () => performance.now() });
  return { write: (page: LedgerPage) => write(SUBJECT, () => page), quotas, allowances };
}

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

let ids = 0;
const pageOf = (wishes: Asked, ended: LedgerPage["settle"] = []): LedgerPage => ({
  asking: wishes.map(({ owner, key }) => ({
    reservation: create(ReservationSchema, {
      reservationId: `r${++ids}`,
      chargeKey: `bot:${key}`,
      ownerId: owner,
      botId: "bot",
    }),
    messagesADay: MESSAGES_A_DAY,
  })),
  settle: ended,
  report: [],
});

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

describe("a process that writes a ledger alone", () => {
  /** The log, noting what is asked of it. */
  function noted(store: EventStore) {
    const asked: string[] = [];
    const noting: EventStore = {
      read: (subject, codec, from) => {
        asked.push(`read ${subject}`);
        return store.read(subject, codec, from);
      },
      append: (appends) => {
        asked.push("append");
        return store.append(appends);
      },
    };
    return { asked, noting };
  }
  const wish = (owner: string): Asked => [{ owner, key: ++ids }];

  it("reads back what it wrote and nothing before", async () => {
    const { asked, noting } = noted(inMemoryEventStore());
    const { write } = writerOn(noting, 0);
    await write(pageOf(wish("ada")));
    asked.length = 0;
    await write(pageOf(wish("ada")));
    expect(asked).toEqual(["append", `read ${SUBJECT}`, `read ${allowanceSubject("ada")}`]);
  });

  it("asks first once it has met another, and no more when it is alone again", async () => {
    const store = inMemoryEventStore();
    const { asked, noting } = noted(store);
    const [mine, other] = [writerOn(noting, 0), writerOn(store, 0)];
    await mine.write(pageOf(wish("ada")));
    await other.write(pageOf(wish("bob")));
    asked.length = 0;
    await mine.write(pageOf(wish("ada")));
    expect(asked.slice(0, 2)).toEqual(["append", `read ${SUBJECT}`]);
    expect(asked.filter((what) => what === "append")).toHaveLength(2);
    await mine.write(pageOf(wish("ada")));
    asked.length = 0;
    await mine.write(pageOf(wish("ada")));
    expect(asked[0]).toBe("append");
  });
});
