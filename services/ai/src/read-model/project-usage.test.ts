import {
  CallOutcome,
  type CallSettled,
  CallSettledSchema,
  CallsReservedSchema,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
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
  it("has the tokens of every call, however it ended", () => {
    const failed = settled({ outcome: CallOutcome.FAILED, outputTokens: 0 });
    expect(after(failed, settled({}), settled({ outcome: CallOutcome.REFUSED }))).toMatchObject({
      calls: 3,
      inputTokens: 30,
      outputTokens: 4,
    });
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

  it("stays as small after ten thousand answers as after one", () => {
    const answers = Array.from({ length: 10_000 }, (_, index) => settled({ chargeKey: `bot:${index}` }));
    expect(JSON.stringify(after(...answers)).length).toBeLessThan(200);
  });
});
