import { ensureBucket, isLostRace, storedMessage } from "@botfactory/event-store";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { WebhookRegistrationSchema, WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ExponentialBackoff, handleType, retry } from "cockatiel";
import type { KV, NatsConnection } from "nats";
import type { Accounts } from "./accounts.ts";
import type { BotSecrets } from "./bot-secrets.ts";
import { botOf, type OwnedBot } from "./domain/account-state.ts";
import { webhookInForce } from "./domain/bot-webhooks.ts";

/** What ingress knows of bots: a projection of the accounts into the KV bucket `webhooks`, written by any process. */
export interface WebhookTable {
  /** Returns once the table shows the bot as it was at this revision or later. */
  publish(ownerId: string, botId: string, revision: number): Promise<void>;
}

export interface WebhookTableDeps {
  readonly accounts: Accounts;
  readonly secrets: BotSecrets;
  /** Copies of the table in a cluster. */
  readonly replicas?: number | undefined;
}

const BUCKET = "webhooks";

/** Creates the bucket when it is missing, and opens it. */
export function declareWebhookTable(nats: NatsConnection, replicas?: number): Promise<KV> {
  return ensureBucket(nats, {
    name: BUCKET,
    description: "What ingress must know of each bot",
    announced: true,
    replicas,
  });
}

export async function webhookTable(
  nats: NatsConnection,
  { accounts, secrets, replicas }: WebhookTableDeps,
): Promise<WebhookTable> {
  const bucket = await declareWebhookTable(nats, replicas);
  // Asked of the leader: a copy that lags behind would have us lose races against ourselves.
  const manager = await nats.jetstreamManager({ checkAPI: false });

  async function write(ownerId: string, botId: string, revision: number): Promise<void> {
    const entry = await storedMessage(manager, `KV_${BUCKET}`, { last_by_subj: `$KV.${BUCKET}.${botId}` });
    const isThere = entry !== undefined && entry.header.get("KV-Operation") === "";
    if (isThere && fromBinary(WebhookRegistrationSchema, entry.data).revision >= BigInt(revision)) return;
    const account = await accounts.load(ownerId);
    const bot = botOf(account.state, botId);
    const registration = {
      ...(bot === undefined ? removed : await registrationOf(bot, secrets)),
      botId,
      revision: BigInt(account.revision),
    };
    const bytes = toBinary(WebhookRegistrationSchema, create(WebhookRegistrationSchema, registration));
    await put(bucket, botId, { bytes, over: entry?.seq ?? 0 });
  }

  return { publish: (ownerId, botId, revision) => races.execute(() => write(ownerId, botId, revision)) };
}

type Registration = Omit<MessageInitShape<typeof WebhookRegistrationSchema>, "botId" | "revision" | "$typeName">;

const removed: Registration = { state: WebhookState.REMOVED };

async function registrationOf(bot: OwnedBot, secrets: BotSecrets): Promise<Registration> {
  const isPosted = ({ mode }: { readonly mode: DeliveryMode }) => mode !== DeliveryMode.POLLING;
  const posted = bot.webhooks.filter(isPosted);
  const inForce = webhookInForce(bot.webhooks);
  // Polling starts when Telegram has no webhook any more; a webhook is accepted as soon as Telegram may use it.
  if (posted.length === 0 && inForce === undefined) return removed;
  return {
    state: bot.pausedBy === undefined ? WebhookState.ACTIVE : WebhookState.PAUSED,
    mode: inForce?.mode ?? DeliveryMode.WEBHOOK,
    secretHashes: posted.map(({ secretHash }) => secretHash),
    chatKeySecret: await secrets.chatKeySecret(bot),
  };
}

class LostRace extends Error {}

const races = retry(handleType(LostRace), {
  maxAttempts: 20,
  backoff: new ExponentialBackoff({ initialDelay: 5, maxDelay: 250 }),
});

async function put(bucket: KV, botId: string, entry: { bytes: Uint8Array; over: number }): Promise<void> {
  try {
    await bucket.put(botId, entry.bytes, { previousSeq: entry.over });
  } catch (error) {
    if (isLostRace(error)) throw new LostRace();
    throw error;
  }
}
