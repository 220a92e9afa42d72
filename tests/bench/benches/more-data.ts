import { randomBytes } from "node:crypto";
import type { Db, Document } from "mongodb";
import type { Product } from "../harness/product.ts";

/** How much an installation holds. */
export interface Grown {
  readonly bots: number;
  readonly messages: number;
}

interface Keyed extends Document {
  readonly _id: string;
}

const AT_ONCE = 5_000;
// As many as the premium plan allows.
const BOTS_OF_THE_OWNER = 999;
// Of the bot that is looked at: a tenth of all messages in one chat, a thousand chats.
const SHARE_OF_ONE_CHAT = 0.1;
const CHATS = 1_000;

/** Fills the documents up to a size by copies of real ones: what a person wrote stays readable, as its chat stays the same. */
export async function moreDocuments(database: Db, botId: string, { bots, messages }: Grown): Promise<void> {
  const bot = await database.collection<Keyed>("bots").findOne({ _id: botId });
  const chat = await database.collection<Keyed>("chats").findOne({ botId });
  const message = await database.collection<Keyed>("messages").findOne({ botId, chatKey: chat?.["chatKey"] });
  if (bot === null || chat === null || message === null) throw new Error("the read model has nothing to copy");
  const inOneChat = messages * SHARE_OF_ONE_CHAT;

  await fill(database, "bots", {
    copies: bots,
    copy: (n) => ({ ...bot, _id: newId(), ...(n < BOTS_OF_THE_OWNER ? {} : { ownerId: `copied-${n % 1_000}` }) }),
  });
  await fill(database, "chats", {
    copies: Math.min(CHATS, messages / 10),
    copy: () => ({ ...chat, _id: `${botId}.${newId()}`, lastMessageAt: new Date(Date.now() - Math.random() * 1e9) }),
  });
  await fill(database, "messages", {
    copies: messages,
    copy: (n) => ({
      ...message,
      _id: newId(),
      // Before everything real, so that the newest page is a real one.
      position: -n,
      ...(n < inOneChat ? {} : { botId: `copied-${n % 1_000}`, chatKey: `copied-${n % 20_000}` }),
    }),
  });
}

interface Copies {
  readonly copies: number;
  readonly copy: (n: number) => Keyed;
}

async function fill(database: Db, name: string, { copies, copy }: Copies): Promise<void> {
  const documents = database.collection<Keyed>(name);
  for (let n = await documents.countDocuments(); n < copies; n += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, copies - n) }, (_, index) => copy(n + index));
    await documents.insertMany(batch, { ordered: false });
  }
}

function newId(): string {
  const digits = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from(randomBytes(20), (byte) => digits.charAt(byte % 32)).join("");
}

/** Registers copies of a bot's webhook, which every ingress then holds in memory. */
export async function manyRegistrations({ nats }: Product, botId: string, bots: number): Promise<void> {
  const bucket = await nats.jetstream().views.kv("webhooks");
  const entry = await bucket.get(botId);
  if (entry === null) throw new Error("the bot has no registration");
  const { values } = await bucket.status();
  const js = nats.jetstream();
  for (let n = values; n < bots; n += AT_ONCE / 10) {
    const batch = Array.from({ length: Math.min(AT_ONCE / 10, bots - n) }, () =>
      js.publish(`$KV.webhooks.${newId()}`, entry.value),
    );
    await Promise.all(batch);
  }
}
