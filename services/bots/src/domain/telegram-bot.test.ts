import { specFor } from "@botfactory/decider/testing";
import { TelegramBotClaimedSchema, TelegramBotReleasedSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { create } from "@bufbuild/protobuf";
import { describe, it } from "@jest/globals";
import { type TelegramBotFact, telegramBot } from "./telegram-bot.ts";

const given = specFor(telegramBot);
const claim = (ownerId: string, botId: string) => ({ type: "ClaimTelegramBot", ownerId, botId }) as const;
const claimed = (ownerId: string, botId: string): TelegramBotFact => ({
  case: "telegramBotClaimed",
  value: create(TelegramBotClaimedSchema, { ownerId, botId }),
});
const released = (botId: string): TelegramBotFact => ({
  case: "telegramBotReleased",
  value: create(TelegramBotReleasedSchema, { botId }),
});

describe("a Telegram bot", () => {
  it("is claimed by the first who shows its token", () => given().when(claim("ada", "1")).then(claimed("ada", "1")));
  it("is refused to another owner", () =>
    given(claimed("ada", "1")).when(claim("bob", "2")).thenRefuses("token_taken"));
  it("is refused for another bot of the same owner", () =>
    given(claimed("ada", "1")).when(claim("ada", "2")).thenRefuses("token_taken"));
  it("stays claimed when the claim is repeated", () => given(claimed("ada", "1")).when(claim("ada", "1")).then());
  it("is free again once released", () =>
    given(claimed("ada", "1"), released("1")).when(claim("bob", "2")).then(claimed("bob", "2")));
  it("is not released by a bot that does not use it", () =>
    given(claimed("ada", "1")).when({ type: "ReleaseTelegramBot", botId: "2" }).then());
  it("is released by the bot that uses it", () =>
    given(claimed("ada", "1")).when({ type: "ReleaseTelegramBot", botId: "1" }).then(released("1")));
});
