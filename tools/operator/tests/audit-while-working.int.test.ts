import { ensureStream, eventCodec, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { AccountEventSchema, AccountOpenedSchema, BotCreatedSchema, Plan } from "@botfactory/proto/events/v1/account";
import { ChatOpenedSchema, ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { TelegramBotClaimedSchema, TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { audit } from "../src/audit.ts";

const accounts = eventCodec(AccountEventSchema, "tests");
const claims = eventCodec(TelegramBotEventSchema, "tests");
const chats = eventCodec(ConversationEventSchema, "tests");
const opened = () =>
  accounts.encode({ case: "accountOpened", value: create(AccountOpenedSchema, { plan: Plan.FREE }) });

let server: StartedNats;
let nats: NatsConnection;
beforeAll(async () => {
  server = await freshNats({ sync: "2m" });
  nats = await connect({ servers: server.url });
  await ensureStream(nats, { name: "ACCOUNTS", subjects: ["accounts.*", "telegram-bots.*"] });
  await ensureStream(nats, { name: "QUOTAS", subjects: ["quotas.*.*"] });
  await ensureStream(nats, { name: "CONVERSATIONS", subjects: ["conversations.*.*"] });
});
afterAll(async () => {
  await nats?.close();
  await server?.stop();
});

/** A bot of a new owner, and the first chat of it. */
async function firstChat(ownerId: string, botId: string): Promise<void> {
  const created = accounts.encode({
    case: "botCreated",
    value: create(BotCreatedSchema, { botId, telegramBotId: "7", planBots: 1 }),
  });
  const claimed = claims.encode({
    case: "telegramBotClaimed",
    value: create(TelegramBotClaimedSchema, { ownerId, botId }),
  });
  await jetStreamEventStore(nats, { stream: "ACCOUNTS" }).append([
    { subject: `accounts.${ownerId}`, expectedSequence: 0, events: [opened(), created] },
    { subject: "telegram-bots.7", expectedSequence: 0, events: [claimed] },
  ]);
  const chat = chats.encode({ case: "chatOpened", value: create(ChatOpenedSchema, { ownerId }) });
  await jetStreamEventStore(nats, { stream: "CONVERSATIONS" }).append([
    { subject: `conversations.${botId}.c1`, expectedSequence: 0, events: [chat] },
  ]);
}

it("an audit does not take a bot that is made meanwhile, and its chat, for damage", async () => {
  const store = jetStreamEventStore(nats, { stream: "ACCOUNTS" });
  // More than the audit tells of in one line, so that it is told while it reads.
  for (let batch = 0; batch < 110; batch++) {
    const owners = Array.from({ length: 100 }, (_, n) => `accounts.owner-${batch}-${n}`);
    await store.append(owners.map((subject) => ({ subject, expectedSequence: 0, events: [opened()] })));
  }
  let meanwhile: Promise<void> | undefined;
  const say = (line: string) => {
    if (line.includes("ACCOUNTS: 10000 events")) meanwhile = firstChat("ada", "b1");
  };
  const found = await audit({ natsUrl: server.url, env: {}, say });
  await meanwhile;
  const broken = found.streams.flatMap(({ invariants }) => invariants.filter(({ violations }) => violations > 0));
  expect(broken).toEqual([]);
  expect(meanwhile).toBeDefined();
  expect((await audit({ natsUrl: server.url, env: {}, say: () => undefined })).streams).toMatchObject([
    { stream: "ACCOUNTS", events: 11_003 },
    { stream: "QUOTAS" },
    { stream: "CONVERSATIONS", events: 1 },
  ]);
}, 60_000);
