import { fold } from "@botfactory/decider";
import { specFor } from "@botfactory/decider/testing";
import { AllowanceChargedSchema, AllowanceReturnedSchema } from "@botfactory/proto/events/v1/allowance";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type AllowanceFact,
  allowance,
  chargedOn,
  evolveAllowance,
  mayCharge,
  type WriteAllowance,
} from "./allowance.ts";
import type { QuotaLimits } from "./ledger.ts";

const NOON = Date.parse("2026-11-22T20:00:00Z");
const MIDNIGHT = Date.parse("2026-11-23T08:00:00Z");
const HOUR_MS = 3_600_000;
const given = specFor(allowance);

const write = (atUnixMs: number, more: Partial<WriteAllowance>): WriteAllowance => ({
  atUnixMs,
  charge: [],
  giveBack: [],
  messagesADay: 3,
  ...more,
});
const charged = (chargedToday: number, ...chargeKeys: string[]): AllowanceFact => ({
  case: "allowanceCharged",
  value: create(AllowanceChargedSchema, {
    chargeKeys,
    day: "2026-11-22",
    chargedToday,
    chargedAtUnixMs: BigInt(NOON),
    messagesADay: 3,
    dayBefore: chargedToday === chargeKeys.length ? "" : "2026-11-22",
    chargedBefore: chargedToday - chargeKeys.length,
  }),
});
const returned = (chargedToday: number, ...chargeKeys: string[]): AllowanceFact => ({
  case: "allowanceReturned",
  value: create(AllowanceReturnedSchema, {
    chargeKeys,
    day: "2026-11-22",
    chargedToday,
    returnedAtUnixMs: BigInt(NOON),
  }),
});

describe("a plan of 3 messages a day", () => {
  it("is charged for each message when its call begins", () => {
    given()
      .when(write(NOON, { charge: ["a", "b"] }))
      .then(charged(2, "a", "b"));
    given(charged(2, "a", "b"))
      .when(write(NOON, { charge: ["c"] }))
      .then(charged(3, "c"));
  });

  it("allows no fourth one, not even with others in one append", () => {
    given(charged(3, "a", "b", "c"))
      .when(write(NOON, { charge: ["d"] }))
      .thenRefuses("owner_allowance_spent");
    given(charged(2, "a", "b"))
      .when(write(NOON, { charge: ["c", "d"] }))
      .thenRefuses("owner_allowance_spent");
  });

  it("begins anew at midnight in California", () => {
    const state = fold(allowance, [charged(3, "a", "b", "c")]);
    expect(mayCharge(state, "d", { atUnixMs: MIDNIGHT - 1, messagesADay: 3 })).toBe(false);
    expect(mayCharge(state, "d", { atUnixMs: MIDNIGHT, messagesADay: 3 })).toBe(true);
  });

  it("is not charged again for a message that is tried again, on the same day or the next", () => {
    const state = fold(allowance, [charged(3, "a", "b", "c")]);
    for (const at of [NOON, MIDNIGHT + 1]) {
      const facts = allowance.decide(write(at, { charge: ["c"] }), state);
      expect(chargedOn(facts.reduce(allowance.evolve, state), at)).toBe(at === NOON ? 3 : 0);
    }
  });

  it("is given back what ended without an answer, but not while another try of it may bring one", () => {
    given(charged(3, "a", "b", "c"))
      .when(write(NOON, { giveBack: ["c"] }))
      .then(returned(2, "c"));
    const triedTwice = fold(allowance, [charged(3, "a", "b", "c"), charged(3, "c")]);
    const once = allowance.decide(write(NOON, { giveBack: ["c"] }), triedTwice).reduce(allowance.evolve, triedTwice);
    expect(once.charged).toBe(3);
    const twice = allowance.decide(write(NOON, { giveBack: ["c"] }), once).reduce(allowance.evolve, once);
    expect(twice.charged).toBe(2);
  });

  it("counts without a limit for a caller that does not know the plan", () => {
    const facts = allowance.decide(
      write(NOON, { charge: ["d"], messagesADay: undefined }),
      fold(allowance, [charged(3, "a", "b", "c")]),
    );
    expect(facts[0]?.value.chargedToday).toBe(4);
  });
});

const limits: QuotaLimits = {
  callsAWindow: 1,
  windowMs: 1,
  callsADay: 1,
  longestCallMs: 1,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};

/** Any history of one owner: tries of few keys, answered or not, by right and wrong clocks, over three days. */
const step = fc.record({
  pauseMs: fc.oneof(fc.nat(1_000), fc.nat(12 * HOUR_MS)),
  clockErrorMs: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.constantFrom(-HOUR_MS, HOUR_MS)),
  charge: fc.uniqueArray(fc.nat(12).map(String), { maxLength: 5 }),
  giveBack: fc.uniqueArray(fc.nat(12).map(String), { maxLength: 2 }),
});

describe("whatever an owner's bots do", () => {
  it("no day is charged more than the plan allows, and a clock an hour off changes nothing for the others", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, messagesADay) => {
        let state = allowance.initial;
        let now = NOON;
        for (const { pauseMs, clockErrorMs, charge, giveBack } of steps) {
          now += pauseMs;
          const command = { atUnixMs: now + clockErrorMs, charge, giveBack, messagesADay };
          const facts = factsOrNone(command, state);
          const before = state;
          for (const fact of facts) state = evolveAllowance(limits, state, { fact, storedAt: now });
          expect(state.charged).toBeLessThanOrEqual(messagesADay);
          const isWrong = Math.abs(clockErrorMs) === HOUR_MS;
          if (isWrong && giveBack.length === 0)
            expect([state.day, state.charged]).toEqual([before.day, before.charged]);
        }
      }),
      { numRuns: 1_000 },
    ));

  it("its ledger does not grow with the day", () => {
    let state = allowance.initial;
    for (let message = 0; message < 10_000; message++) {
      const command = write(NOON, { charge: [`bot:${message}`], messagesADay: 100_000 });
      state = allowance.decide(command, state).reduce(allowance.evolve, state);
    }
    expect(state.charged).toBe(10_000);
    expect(state.keys.recent.size + state.keys.older.size).toBeLessThanOrEqual(2_000);
  });
});

function factsOrNone(command: WriteAllowance, state: ReturnType<typeof allowance.evolve>): readonly AllowanceFact[] {
  try {
    return allowance.decide(command, state);
  } catch {
    return [];
  }
}
