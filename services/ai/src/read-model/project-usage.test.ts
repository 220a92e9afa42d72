import {
  CallOutcome,
  type CallSettled,
  CallSettledSchema,
  CallsReservedSchema,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { QuotaFact } from "../domain/ledger.ts";
import { projectUsage, usageIdsOf } from "./project-usage.ts";
import type { UsageDocument } from "./usage-document.ts";

const EVENING = Date.parse("2026-11-23T07:59:00Z");
const MIDNIGHT = Date.parse("2026-11-23T08:00:00Z");

const settled = (more: Partial<Omit<CallSettled, "$typeName" | "$unknown">>) => ({
  event: {
    case: "callSettled",
    value: create(CallSettledSchema, {
      ownerId: "ada",
      chargeKey: "bot:1",
      inputTokens: 10,
      outputTokens: 2,
      outcome: CallOutcome.ANSWERED,
      settledAtUnixMs: BigInt(EVENING),
      ...more,
    }),
  } satisfies QuotaFact,
  sequence: 1,
});
const after = (...facts: ReturnType<typeof settled>[]) =>
  facts.reduce<UsageDocument | undefined>((usage, fact) => projectUsage(usage, fact), undefined);

describe("an owner's day", () => {
  it("charges an answer once, however often it was written, and counts the tokens of every try", () => {
    const failed = settled({ outcome: CallOutcome.FAILED, outputTokens: 0 });
    expect(after(failed, settled({}), settled({}))).toMatchObject({ messages: 1, inputTokens: 30, outputTokens: 4 });
  });

  it("charges nothing for what was refused or failed", () => {
    const usage = after(settled({ outcome: CallOutcome.REFUSED }), settled({ outcome: CallOutcome.FAILED }));
    expect(usage).toMatchObject({ messages: 0, inputTokens: 20 });
  });

  it("ends at midnight in California", () => {
    expect(usageIdsOf(settled({}))).toEqual(["2026-11-22:ada"]);
    expect(usageIdsOf(settled({ settledAtUnixMs: BigInt(MIDNIGHT) }))).toEqual(["2026-11-23:ada"]);
  });

  it("is no business of reservations", () => {
    expect(usageIdsOf({ event: { case: "callsReserved", value: create(CallsReservedSchema) }, sequence: 1 })).toEqual(
      [],
    );
  });

  it("has as many messages as keys were answered, whatever the order", () => {
    const call = fc.record({
      key: fc.nat(5),
      outcome: fc.constantFrom(CallOutcome.ANSWERED, CallOutcome.REFUSED, CallOutcome.FAILED),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1 }), (calls) => {
        const usage = after(...calls.map(({ key, outcome }) => settled({ chargeKey: `bot:${key}`, outcome })));
        const answered = calls.filter(({ outcome }) => outcome === CallOutcome.ANSWERED).map(({ key }) => key);
        expect(usage?.messages).toBe(new Set(answered).size);
      }),
    );
  });
});
