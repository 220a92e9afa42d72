import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, choosePlan, connectBot, createBot } from "./support/bots.ts";
import type { Owner } from "./support/people.ts";
import { parts, type Rpc, refusalOf, rpc } from "./support/rpc.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

const CHAT = 4711;
const SECRETS = ["Bot of A", "xylophone-zebra", "My name is Aziza"];

let stack: TestStack;
let anonymous: Rpc;
let a: Owner;
let b: Owner;
let botOfA: ConnectedBot;
let botOfB: ConnectedBot;

beforeAll(async () => {
  stack = await startTestStack();
  anonymous = rpc(stack);
  [a, b] = await Promise.all([stack.people.owner("aziza"), stack.people.owner("boris")]);
  // With room left, so that no plan's limit stands before the wall.
  await choosePlan(stack, b, "starter");
  botOfA = await connectBot(stack, a, { name: "Bot of A", systemPrompt: "The secret is xylophone-zebra." });
  botOfB = await createBot(stack, b);
  await stack.telegram.user(CHAT).send(botOfA.telegramId, "My name is Aziza");
  await stack.telegram.waitForReply({ botId: botOfA.telegramId, chatId: CHAT });
  // What a call cost is written after the answer; until then it is not the walls that let something change.
  await until("the answer's tokens are counted", async () => {
    const { inputTokens } = await anonymous.ai.getUsage({}, { as: a.accessToken });
    return BigInt(inputTokens) > 0n;
  });
}, 120_000);
afterAll(async () => {
  anonymous.close();
  await stack.stop();
}, 60_000);

type As = { readonly as: string } | undefined;
/** A call about what is A's, and how another owner is refused; none where the answer is the caller's own. */
interface Row {
  readonly call: (services: Rpc, as: As) => Promise<unknown>;
  readonly refusal?: "bot_not_found" | "forbidden" | "token_taken";
}
const NOT_FOUND = { refusal: "bot_not_found" } as const;
const NOT_FOR_OWNERS = { refusal: "forbidden" } as const;
const ofA = () => ({ botId: botOfA.id });

/** A method without a row does not compile. */
const botsRows: Record<keyof typeof BotsService.method, Row> = {
  getAccount: { call: ({ bots }, as) => bots.getAccount({}, as) },
  listBots: { call: ({ bots }, as) => bots.listBots({}, as) },
  createBot: {
    call: ({ bots }, as) =>
      bots.createBot({ name: "Copy", language: Language.EN, systemPrompt: "Copy.", telegramToken: botOfA.token }, as),
    refusal: "token_taken",
  },
  getBot: { call: ({ bots }, as) => bots.getBot(ofA(), as), ...NOT_FOUND },
  updateBot: { call: ({ bots }, as) => bots.updateBot({ ...ofA(), name: "Stolen" }, as), ...NOT_FOUND },
  deleteBot: { call: ({ bots }, as) => bots.deleteBot(ofA(), as), ...NOT_FOUND },
  setWebhook: { call: ({ bots }, as) => bots.setWebhook(ofA(), as), ...NOT_FOUND },
  deleteWebhook: { call: ({ bots }, as) => bots.deleteWebhook(ofA(), as), ...NOT_FOUND },
  getWebhookStatus: { call: ({ bots }, as) => bots.getWebhookStatus(ofA(), as), ...NOT_FOUND },
  setPlan: {
    call: ({ bots }, as) => bots.setPlan({ ownerId: a.ownerId, plan: Plan.PREMIUM }, as),
    ...NOT_FOR_OWNERS,
  },
  getBotForReply: { call: ({ bots }, as) => bots.getBotForReply(ofA(), as), ...NOT_FOR_OWNERS },
  getPollingToken: { call: ({ bots }, as) => bots.getPollingToken(ofA(), as), ...NOT_FOR_OWNERS },
  reportTokenRevoked: { call: ({ bots }, as) => bots.reportTokenRevoked(ofA(), as), ...NOT_FOR_OWNERS },
};
const aiRows: Record<keyof typeof AiService.method, Row> = {
  generate: {
    call: ({ ai }, as) =>
      parts(ai.generate({ ...ofA(), ownerId: a.ownerId, chargeKey: "walls", text: "Spend A's allowance" }, as)),
    ...NOT_FOR_OWNERS,
  },
  getUsage: { call: ({ ai }, as) => ai.getUsage({}, as) },
};
const conversationRows: Record<keyof typeof ConversationService.method, Row> = {
  listChats: { call: ({ conversation }, as) => conversation.listChats(ofA(), as), ...NOT_FOUND },
  listMessages: {
    call: ({ conversation }, as) => conversation.listMessages({ ...ofA(), chatId: `${CHAT}` }, as),
    ...NOT_FOUND,
  },
  sendTestMessage: {
    call: ({ conversation }, as) => conversation.sendTestMessage({ ...ofA(), chatId: `${CHAT}`, text: "Hi" }, as),
    ...NOT_FOUND,
  },
  testChat: { call: ({ conversation }, as) => conversation.testChat({ ...ofA(), text: "Hi" }, as), ...NOT_FOUND },
};
const rows: readonly (readonly [string, Row])[] = [
  ...Object.entries(botsRows),
  ...Object.entries(aiRows),
  ...Object.entries(conversationRows),
];

const shown = (answer: unknown) =>
  JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? value.toString() : value));

/** All that A sees of what is A's. */
async function seenByA(): Promise<string> {
  const as = { as: a.accessToken };
  const { bots, ai, conversation } = anonymous;
  const { status } = await bots.getWebhookStatus(ofA(), as);
  return shown({
    account: await bots.getAccount({}, as),
    bots: await bots.listBots({}, as),
    webhook: status?.url,
    usage: await ai.getUsage({}, as),
    chats: await conversation.listChats(ofA(), as),
    messages: await conversation.listMessages({ ...ofA(), chatId: `${CHAT}` }, as),
  });
}

describe("every method of the three services", () => {
  it("stands in the tables above", () => {
    const methods = [BotsService, AiService, ConversationService].flatMap((service) => service.methods);
    expect(rows.map(([name]) => name).sort()).toEqual(methods.map(({ localName }) => localName).sort());
  });

  it.each(rows)("%s reaches nothing of owner A's in the hands of owner B", async (_, { call, refusal }) => {
    const before = await seenByA();
    const as = { as: b.accessToken };
    if (refusal !== undefined) expect(await refusalOf(call(anonymous, as))).toBe(refusal);
    else {
      const answer = shown(await call(anonymous, as));
      for (const secret of [botOfA.id, botOfA.username, a.ownerId, ...SECRETS]) expect(answer).not.toContain(secret);
    }
    expect(await seenByA()).toBe(before);
  });

  it.each(rows)(
    "%s answers nobody without a token, with a forged one, or with a service's forged one",
    async (_, { call }) => {
      const forger = rpc(stack, { service: "conversation", key: Buffer.alloc(32, 1).toString("base64") });
      expect(await refusalOf(call(anonymous, undefined))).toBe("unauthenticated");
      expect(await refusalOf(call(anonymous, { as: asOwnerA(b.accessToken) }))).toBe("unauthenticated");
      expect(await refusalOf(call(forger, undefined))).toBe("unauthenticated");
      forger.close();
    },
  );

  it.each(rows)("%s is not for a service that has no need of it", async (_, { call }) => {
    const web = rpc(stack, { service: "web" });
    expect(await refusalOf(call(web, undefined))).toBe("forbidden");
    web.close();
  });
});

describe("a chat of owner A's bot", () => {
  it("is not found in owner B's own bot either", async () => {
    const call = anonymous.conversation.listMessages({ botId: botOfB.id, chatId: `${CHAT}` }, { as: b.accessToken });
    expect(await refusalOf(call)).toBe("chat_not_found");
  });
});

/** A token whose claims say that it is A's, under the signature of B's. */
function asOwnerA(token: string): string {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const changed = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), sub: a.ownerId };
  return [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
}
