import { EventEmitter, once } from "node:events";
import { DomainError } from "@botfactory/decider";
import { LogDamaged, type Recorded, UnknownEvent } from "@botfactory/event-store";
import { BotPausedSchema } from "@botfactory/proto/events/v1/account";
import { createLogger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { AccountFact } from "./domain/account-state.ts";
import { type WebhookReconciler, webhookReconciler } from "./webhook-reconciler.ts";

const BOTS = 30;

let reconciler: WebhookReconciler;
afterEach(() => reconciler.stop());

/** Thirty bots changed; showing the first fails so often. Returns what waits for so many to be shown, and says which. */
function thirtyBots(failure: () => Error, times = Number.POSITIVE_INFINITY) {
  const table = new EventEmitter();
  const shown: string[] = [];
  let failed = 0;
  const publish = async (_ownerId: string, botId: string) => {
    if (botId === "b0" && failed++ < times) throw failure();
    shown.push(botId);
    table.emit("shown");
  };
  reconciler = webhookReconciler({
    table: { publish },
    secrets: { forget: async () => undefined },
    logger: createLogger("bots", "silent"),
    unreadableRetryMs: 20,
  });
  for (let n = 0; n < BOTS; n++) reconciler.note(paused(`b${n}`, n + 1));
  return async (count: number) => {
    while (shown.length < count) await once(table, "shown");
    return shown;
  };
}

function paused(botId: string, sequence: number): Recorded<AccountFact> {
  const event = { case: "botPaused", value: create(BotPausedSchema, { botId }) } as const;
  return {
    event,
    subject: `accounts.of-${botId}`,
    sequence,
    id: `e${sequence}`,
    time: new Date(0),
    version: 1,
    hash: "",
  };
}

describe("a bot that cannot be shown", () => {
  const reasons: [string, () => Error][] = [
    ["its account has a newer version's fact", () => new UnknownEvent("account")],
    ["its account is damaged", () => new LogDamaged({ reason: "altered" })],
    ["the log is away", () => new DomainError("unavailable", "unavailable")],
    ["its key is gone", () => new Error("no key")],
  ];

  it.each(reasons)("because %s keeps no other waiting", async (_, failure) => {
    expect(await thirtyBots(failure)(BOTS - 1)).not.toContain("b0");
  });

  it.each(reasons.slice(0, 3))("because %s is shown when that has passed", async (_, failure) => {
    expect((await thirtyBots(failure, 2)(BOTS)).at(-1)).toBe("b0");
  });
});
