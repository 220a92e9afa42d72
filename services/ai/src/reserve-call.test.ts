import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { expect, it } from "@jest/globals";
import { allowanceCodec } from "./allowances.ts";
import { unspent } from "./domain/allowance.ts";
import type { QuotaLedger } from "./quota-ledger.ts";
import { refusedKeys } from "./refused-keys.ts";
import { reserveCall } from "./reserve-call.ts";

// As long as an append to the log is waited for.
const SLOW_MS = 8_000;

it("a log that answers at the last moment costs a call one place of the quota, not one after another", async () => {
  let clock = 1_000_000;
  let places = 0;
  const ledger: QuotaLedger = {
    reserve: async ({ reservation }) => {
      const atUnixMs = clock;
      const since = clock;
      clock += SLOW_MS;
      places += 1;
      if (places > 3) throw new Error("the quota is spent");
      return { admitted: { reservation, atUnixMs, since } };
    },
    crowded: () => undefined,
    write: async () => undefined,
    flush: async () => undefined,
  };
  const project = { name: "p", model: async function* () {} };
  const allowances = {
    load: async () => ({ state: unspent, revision: 0 }),
    loadUpTo: async () => ({ state: unspent, revision: 0 }),
    known: () => undefined,
    codec: allowanceCodec,
  };
  const flush = async () => undefined;
  const reserve = reserveCall({
    projects: [project],
    ledgers: { of: () => ledger, allowances, flush, remembered: () => [] },
    refusedKeys: refusedKeys(),
    now: () => clock,
    stopwatch: () => clock,
  });
  const wish = {
    model: "m",
    newReservation: () => create(ReservationSchema),
    messagesADay: undefined,
    refusedBy: new Set<string>(),
    giveUpAt: clock + 30_000,
    signal: new AbortController().signal,
    onWait: () => undefined,
  };
  await expect(reserve(wish)).resolves.toMatchObject({ project });
  expect(places).toBe(1);
});
