import { inMemoryEventStore } from "@botfactory/event-store";
import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { allowanceSubject } from "./allowances.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import { ledgers } from "./ledgers.ts";

const limits: QuotaLimits = {
  callsAWindow: 12,
  windowMs: 60_000,
  callsADay: 1_000,
  longestCallMs: 50_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
const reservation = create(ReservationSchema, { reservationId: "r", chargeKey: "b:1", ownerId: "ada", botId: "b" });

describe("a caller who leaves while the log stores the call", () => {
  it("costs its owner nothing", async () => {
    const store = inMemoryEventStore();
    const leaving = new AbortController();
    const append: typeof store.append = (appends) => {
      leaving.abort(new Error("the caller left"));
      return store.append(appends);
    };
    const startOf = { quota: async () => 0, allowance: async () => 0 };
    const onWrongClock = () => Promise.reject(new Error("the clock is right"));
    const books = ledgers({ store: { ...store, append }, limits, now: Date.now, startOf, onWrongClock });
    const ledger = books.of("p", "m");
    const wish = { reservation, messagesADay: 5, giveUpAt: Date.now(), signal: leaving.signal };
    await expect(ledger.reserve(wish)).rejects.toThrow("the caller left");
    await ledger.write({});
    expect((await books.allowances.load(allowanceSubject("ada"))).state.charged).toBe(0);
  });
});
