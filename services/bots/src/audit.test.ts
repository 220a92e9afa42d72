import { BotCreatedSchema, BotDescribedSchema, BotResumedSchema } from "@botfactory/proto/events/v1/account";
import { TelegramBotClaimedSchema, TelegramBotReleasedSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { create } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { accountCodec, telegramBotCodec } from "./accounts.ts";
import { auditedStream } from "./audit.ts";
import type { AccountFact } from "./domain/account-state.ts";
import type { TelegramBotFact } from "./domain/telegram-bot.ts";

let owners: Map<string, string>;
let audited: ReturnType<typeof auditedStream>;
beforeEach(() => {
  owners = new Map();
  audited = auditedStream({ owners });
});

const see = (subject: string, data: Uint8Array) => {
  const [kind = ""] = subject.split(".");
  const at = { sequence: 1, id: "e", type: "t", version: 1, hash: "", time: new Date(0) };
  return audited.aggregates[kind]?.see({ ...at, subject, data }).map(({ invariant }) => invariant);
};
const account = (ownerId: string, fact: AccountFact) => see(`accounts.${ownerId}`, accountCodec.encode(fact).payload);
const claim = (telegramBotId: string, fact: TelegramBotFact) =>
  see(`telegram-bots.${telegramBotId}`, telegramBotCodec.encode(fact).payload);
const created = (botId: string, { telegramBotId = botId, planBots = 1 } = {}) =>
  ({ case: "botCreated", value: create(BotCreatedSchema, { botId, telegramBotId, planBots }) }) as const;
const claimed = (ownerId: string, botId: string) =>
  ({ case: "telegramBotClaimed", value: create(TelegramBotClaimedSchema, { ownerId, botId }) }) as const;
const unclaimed = () => audited.atEnd?.["one owner per Telegram bot"]?.();

describe("the audit of accounts", () => {
  it("finds nothing in an owner with a bot and its claim, and remembers whose it is", () => {
    expect(account("ada", created("b1", { telegramBotId: "7" }))).toEqual([]);
    expect(claim("7", claimed("ada", "b1"))).toEqual([]);
    expect(unclaimed()).toEqual([]);
    expect([...owners]).toEqual([["b1", "ada"]]);
  });

  it("finds more bots than the plan allowed", () => {
    account("ada", created("b1"));
    expect(account("ada", created("b2"))).toEqual(["active bots of an owner are at most those of the plan"]);
    const resumed = { case: "botResumed", value: create(BotResumedSchema, { botId: "b2", planBots: 1 }) } as const;
    expect(account("ada", resumed)).toEqual(["active bots of an owner are at most those of the plan"]);
  });

  it("asks for the plan of that moment, and for none where it was not noted", () => {
    account("ada", created("b1", { planBots: 3 }));
    expect(account("ada", created("b2", { planBots: 3 }))).toEqual([]);
    expect(account("ada", created("b3", { planBots: 0 }))).toEqual([]);
  });

  it("finds an event of another owner's bot", () => {
    account("ada", created("b1"));
    const described = { case: "botDescribed", value: create(BotDescribedSchema, { botId: "b1" }) } as const;
    expect(account("bob", described)).toEqual(["an event of a bot is of a bot its owner has"]);
    expect(account("bob", created("b1"))).toEqual(["a bot has one owner"]);
  });

  it("finds a Telegram bot with two bots, and one whose claim is missing or another's", () => {
    account("ada", created("b1", { telegramBotId: "7" }));
    claim("7", claimed("ada", "b1"));
    expect(claim("7", claimed("bob", "b2"))).toEqual(["one bot per Telegram bot"]);
    expect(unclaimed()).toEqual([{ subject: "accounts.ada", detail: "bot b1" }]);
    const released = {
      case: "telegramBotReleased",
      value: create(TelegramBotReleasedSchema, { botId: "b9" }),
    } as const;
    expect(claim("7", released)).toEqual(["one bot per Telegram bot"]);
  });

  it("finds bytes that are no event", () => {
    expect(see("accounts.ada", Uint8Array.of(0xff))).toEqual(["every event decodes"]);
    const at = { sequence: 1, id: "e", type: "t", version: 1, hash: "", time: new Date(0), subject: "accounts.ada" };
    const found = audited.aggregates["accounts"]?.see({ ...at, data: Uint8Array.of(0x9a, 0x06, 0x00) });
    expect(found).toEqual([
      {
        invariant: "every event decodes",
        detail: expect.stringMatching(/^no known event in .*: written by a newer version$/),
      },
    ]);
  });
});
