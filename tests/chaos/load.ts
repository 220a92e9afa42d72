import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { client } from "@botfactory/rpc";
import { markedText } from "./chat-history.ts";
import { FATES, REFUSED_FATES } from "./fates.ts";
import type { Random } from "./seeded.ts";
import type { StormStack } from "./storm-stack.ts";

export interface StormChat {
  readonly telegramBotId: number;
  readonly userId: number;
  readonly chatId: number;
}

export interface Size {
  readonly owners: number;
  readonly bots: number;
  readonly chats: number;
}

/** Owners, bots with webhooks, and chats with them; every tenth chat is a group. */
export async function furnish({ stack, telegram, owners }: StormStack, size: Size): Promise<readonly StormChat[]> {
  const [first] = stack.replicasOf("bots");
  const bots = client(BotsService, { url: `127.0.0.1:${first?.port}`, deadlineMs: 20_000 });
  const admin = await owners.token("storm-admin", ["owner", "admin"]);
  const tokens = await Promise.all(Array.from({ length: size.owners }, (_, index) => owners.token(`storm-${index}`)));
  for (const [index, as] of tokens.entries()) {
    await bots.getAccount({}, { as });
    await bots.setPlan({ ownerId: `storm-${index}`, plan: Plan.PREMIUM }, { as: admin });
  }
  const telegramIds: number[] = [];
  for (let index = 0; index < size.bots; index += 1) {
    const as = tokens[index % tokens.length] ?? "";
    const { id, token } = await telegram.createBot({ readsAllGroupMessages: true });
    const wish = { name: `Storm ${index}`, language: Language.EN, systemPrompt: "Answer.", telegramToken: token };
    const { bot } = await bots.createBot(wish, { as });
    await bots.setWebhook({ botId: bot?.id ?? "" }, { as });
    telegramIds.push(id);
  }
  bots.close();
  return Promise.all(
    Array.from({ length: size.chats }, async (_, index) => {
      const telegramBotId = telegramIds[index % telegramIds.length] ?? 0;
      const userId = 1_000 + index;
      if (index % 10 !== 9) return { telegramBotId, userId, chatId: userId };
      const group = await telegram.createGroup({ title: `Group ${index}`, botIds: [telegramBotId] });
      return { telegramBotId, userId, chatId: group.chat.id };
    }),
  );
}

export interface Posting {
  readonly random: Random;
  readonly updates: number;
  /** All are posted within this time, ms. */
  readonly withinMs: number;
  /** More are posted, at the same pace, until this is over. */
  readonly atLeastUntil?: Promise<unknown>;
}

/** People write: one message, or a few in quick succession; some of them what the model refuses or fails over. */
export async function post({ telegram }: StormStack, chats: readonly StormChat[], posting: Posting): Promise<number> {
  const { random, updates, withinMs, atLeastUntil } = posting;
  const begun = Date.now();
  let posted = 0;
  let isAwaited = atLeastUntil !== undefined;
  void atLeastUntil?.finally(() => {
    isAwaited = false;
  });
  while (posted < updates || isAwaited) {
    const chat = random.one(chats);
    const isGroup = chat.chatId !== chat.userId;
    const burst = random.isTrue(0.25) ? 2 + random.whole(3) : 1;
    for (let sent = 0; sent < burst; sent += 1) {
      posted += 1;
      const text = textFor(newMarker(), random, isGroup);
      if (random.isTrue(0.02)) await trouble(telegram, chat, random);
      await telegram.user(chat.userId).send(chat.telegramBotId, text, isGroup ? { chatId: chat.chatId } : {});
    }
    const due = begun + (posted / updates) * withinMs - Date.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
  }
  return posted;
}

let lastMarker = 0;

/** A number no other message of this run carries. */
function newMarker(): number {
  lastMarker += 1;
  return lastMarker;
}

function textFor(marker: number, random: Random, isGroup: boolean): string {
  const fate = random.isTrue(0.1) ? random.one(FATES) : undefined;
  const words = fate === undefined ? "tell me more" : `with fate ${fate} of q${marker}`;
  // A command is never joined with others, so that one refused is one update.
  const isAlone = isGroup || (fate !== undefined && REFUSED_FATES.includes(fate)) || random.isTrue(0.2);
  return `${isAlone ? "/ask " : ""}${markedText(marker, words)}`;
}

/** Telegram's own troubles, all of them such that it did not take the message. */
async function trouble(telegram: StormStack["telegram"], chat: StormChat, random: Random): Promise<void> {
  const where = { botId: chat.telegramBotId, chatId: chat.chatId, method: "sendMessage" };
  const kind = random.one(["blocked", "rate-limited", "internal", "reset-before"] as const);
  await telegram.fault({ ...where, kind, ...(kind === "rate-limited" && { retryAfter: 1 }) });
}
