import { DomainError } from "@botfactory/decider";
import { inMemoryEventStore } from "@botfactory/event-store";
import { type CallOutcome, CallSettledSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import type { QuotaLimits } from "../src/domain/ledger.ts";
import { ledgers, quotaCodec } from "../src/ledgers.ts";

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
/** A call of Ada's that asks to begin, and waits for nothing. */
export const wish = (id: string, signal = new AbortController().signal) => ({
  reservation: reservation(id),
  messagesADay: 5,
  giveUpAt: Date.now(),
  signal,
});
/** The end of such a call, as its process writes it. */
export function ended(id: string, outcome: CallOutcome, { endedAt = Date.now(), seenBy = Date.now() } = {}) {
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
export function scene({ onAppend = (): void | Promise<void> => {}, callsAWindow = limits.callsAWindow } = {}) {
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
