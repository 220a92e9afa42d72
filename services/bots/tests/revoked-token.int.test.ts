import { BotState } from "@botfactory/proto/bots/v1/bots";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { as, refusalOf, type Stage, type StartedBots, stage } from "./stage.ts";
import { accepted, botsOf, hashOf, type WithBot } from "./with-bot.ts";

let scene: Stage;
let bots: StartedBots;
let withBot: WithBot;

beforeAll(async () => {
  scene = await stage();
  bots = await scene.start();
  withBot = botsOf(scene, bots);
});
afterAll(() => scene.close());

describe("a token Telegram no longer accepts", () => {
  const revocations = async () => (await scene.facts()).filter((name) => name.endsWith("TokenRevoked")).length;

  it("is found out by whatever needs it, shown, and noted once", async () => {
    const { botId, ownerId, telegramBotId, set, status } = await withBot();
    const before = await revocations();
    await scene.telegram.bot(telegramBotId).revoke();
    expect((await refusalOf(set())).code).toBe("token_revoked");
    expect(await status()).toMatchObject({ set: false, problemCode: "token_revoked" });
    expect((await refusalOf(set())).code).toBe("token_revoked");
    await bots.conversation.reportTokenRevoked({ botId });
    expect((await bots.conversation.getBotForReply({ botId })).state).toBe(BotState.TOKEN_REVOKED);
    expect(await revocations()).toBe(before + 1);
    const { bot } = await bots.client.updateBot({ botId, name: "Still here" }, as(ownerId));
    expect(bot?.state).toBe(BotState.TOKEN_REVOKED);
  });

  it("is found out by conversation too", async () => {
    const { botId, telegramBotId } = await withBot();
    await scene.telegram.bot(telegramBotId).revoke();
    await bots.conversation.reportTokenRevoked({ botId });
    expect((await bots.conversation.getBotForReply({ botId })).state).toBe(BotState.TOKEN_REVOKED);
  });

  it("is not held against a token that works", async () => {
    const { botId } = await withBot();
    await bots.conversation.reportTokenRevoked({ botId });
    expect((await bots.conversation.getBotForReply({ botId })).state).toBe(BotState.ACTIVE);
  });

  it("is replaced, and the webhook follows by itself", async () => {
    const { botId, ownerId, telegramBotId, set, status, atTelegram, registration } = await withBot();
    await set();
    const former = (await atTelegram()).secretToken;
    const token = await scene.telegram.bot(telegramBotId).rotate();
    const { bot } = await bots.client.updateBot({ botId, telegramToken: token }, as(ownerId));
    expect(bot?.state).toBe(BotState.ACTIVE);
    const { secretToken } = await atTelegram();
    expect(secretToken).not.toBe(former);
    expect(accepted(await registration())).toEqual([hashOf(secretToken)]);
    expect((await status())?.problemCode).toBe("");
  });
});
