import { type EventStore, inMemoryEventStore } from "@botfactory/event-store";
import { CallOutcome, CallSettledSchema, LimitReportedSchema, LimitScope } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { ledgerProcess, page, SUBJECT } from "../tests/ledger-process.ts";
import { allowanceSubject } from "./allowances.ts";
import type { QuotaLimits } from "./domain/ledger.ts";

const limits: Omit<QuotaLimits, "callsAWindow"> = {
  windowMs: 60_000,
  callsADay: 1_000,
  longestCallMs: 50_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
const processOn = (store: EventStore, callsAWindow = 100) =>
  ledgerProcess(store, { limits: { ...limits, callsAWindow }, now: () => Date.now() });

let keys = 0;
const wishesOf = (...owners: string[]) => owners.map((owner) => ({ owner, key: ++keys }));
const pageOf = (...owners: string[]) => page(wishesOf(...owners), 1_000);

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

describe("a process that writes a ledger alone", () => {
  it("reads back what it wrote and nothing before", async () => {
    const { asked, noting } = noted(inMemoryEventStore());
    const { write } = processOn(noting);
    await write(pageOf("ada"));
    asked.length = 0;
    await write(pageOf("ada"));
    expect(asked).toEqual(["append", `read ${SUBJECT}`, `read ${allowanceSubject("ada")}`]);
  });

  it("asks first once it has met another, and no more when it is alone again", async () => {
    const store = inMemoryEventStore();
    const { asked, noting } = noted(store);
    const [mine, other] = [processOn(noting), processOn(store)];
    await mine.write(pageOf("ada"));
    await other.write(pageOf("bob"));
    asked.length = 0;
    await mine.write(pageOf("ada"));
    expect(asked.slice(0, 2)).toEqual(["append", `read ${SUBJECT}`]);
    expect(asked.filter((what) => what === "append")).toHaveLength(2);
    await mine.write(pageOf("ada"));
    asked.length = 0;
    await mine.write(pageOf("ada"));
    expect(asked[0]).toBe("append");
  });
});

describe("a limit of Google's that is already over when it is written", () => {
  afterEach(() => void jest.useRealTimers());

  it("keeps nobody from a call, or nobody is charged for it", async () => {
    const START = Date.parse("2026-11-28T12:00:00Z");
    jest.useFakeTimers({
      now: START,
      doNotFake: ["performance", "setTimeout", "setImmediate", "nextTick", "queueMicrotask"],
    });
    const { write, allowances } = processOn(inMemoryEventStore());
    await write(pageOf("ada"));
    jest.setSystemTime(START + 10_000);
    const told = START + 8_000;
    const limit = create(LimitReportedSchema, {
      scope: LimitScope.MINUTE,
      retryAtUnixMs: BigInt(told + 1_000),
      reportedAtUnixMs: BigInt(told),
    });
    const { admitted, ledger } = await write({ ...pageOf("ada"), report: [limit] });
    const { state } = await allowances.load(allowanceSubject("ada"));
    expect(ledger.open).toHaveLength(1 + admitted.length);
    expect(state.charged).toBe(ledger.open.length);
  });
});

describe("a process that remembers a window as full", () => {
  const START = Date.parse("2026-11-28T12:00:00Z");
  const at = (seconds: number) => jest.setSystemTime(START + seconds * 1_000);
  afterEach(() => void jest.useRealTimers());

  it("hears that another's calls have ended, and takes the room they leave", async () => {
    jest.useFakeTimers({
      now: START,
      doNotFake: ["performance", "setTimeout", "setImmediate", "nextTick", "queueMicrotask"],
    });
    const store = inMemoryEventStore();
    const [one, other] = [processOn(store, 4), processOn(store, 4)];
    const { admitted } = await one.write(pageOf("a", "b", "c", "d"));
    expect(admitted).toHaveLength(4);
    at(0.1);
    expect((await other.write(pageOf("e"))).admitted).toHaveLength(0);
    at(2);
    const ended = admitted.map(({ reservation: { reservationId, chargeKey, ownerId } }) =>
      create(CallSettledSchema, {
        ...{ reservationId, chargeKey, ownerId, botId: "bot", outcome: CallOutcome.ANSWERED },
        ...{ settledAtUnixMs: BigInt(Date.now()), seenByUnixMs: BigInt(START + 1_000) },
      }),
    );
    await one.write(page([], 1_000, ended));
    at(62);
    expect((await other.write(pageOf("e"))).admitted).toHaveLength(1);
  });
});
