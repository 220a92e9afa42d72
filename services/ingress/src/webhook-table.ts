import { awaitStream } from "@botfactory/event-store/streams";
import { type WebhookRegistration, WebhookRegistrationSchema } from "@botfactory/proto/webhooks/v1/registration";
import type { Logger } from "@botfactory/service-kit";
import { fromBinary } from "@bufbuild/protobuf";
import { ConstantBackoff, handleAll, retry } from "cockatiel";
import type { KV, KvEntry, NatsConnection, QueuedIterator } from "nats";
import type { ConnectionState } from "./connection-state.ts";

/** What ingress knows of every bot, kept in memory by a watch, so that a request asks nobody. */
export interface WebhookTable {
  find(botId: string): WebhookRegistration | undefined;
  all(): readonly WebhookRegistration[];
  /** False until every registration there was at the start is known. */
  isReady(): boolean;
  onChange(listener: () => void): void;
  close(): void;
}

type Entries = Map<string, WebhookRegistration>;
const BUCKET = "webhooks";

export interface WebhookTableDeps {
  readonly nats: NatsConnection;
  readonly connection: ConnectionState;
  readonly logger: Logger;
}

export function webhookTable({ nats, connection, logger }: WebhookTableDeps): WebhookTable {
  const closing = new AbortController();
  const listeners: (() => void)[] = [];
  let entries: Entries | undefined;
  let current: QueuedIterator<KvEntry> | undefined;

  /** Reads all registrations, then their changes, until the watch ends; the former table serves until the new one is whole. */
  async function watch(): Promise<void> {
    await awaitStream(nats, `KV_${BUCKET}`);
    const bucket: KV = await nats.jetstream().views.kv(BUCKET, { bindOnly: true });
    const fresh: Entries = new Map();
    const changed = () => {
      entries = fresh;
      for (const listener of listeners) listener();
    };
    const changes = await bucket.watch({ initializedFn: changed });
    current = changes;
    for await (const entry of changes) {
      apply(fresh, entry, logger);
      if (entries === fresh) changed();
    }
    if (!closing.signal.aborted) throw new Error("the watch of webhooks ended");
  }

  const forEver = retry(handleAll, { maxAttempts: Number.POSITIVE_INFINITY, backoff: new ConstantBackoff(500) });
  forEver.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "watching webhooks again"),
  );
  // The client's own watch may miss what happened while the server was away; a new one reads it all.
  connection.onReconnect(() => current?.stop());
  void forEver.execute(watch, closing.signal).catch(() => undefined);

  return {
    find: (botId) => entries?.get(botId),
    all: () => [...(entries?.values() ?? [])],
    isReady: () => entries !== undefined,
    onChange: (listener) => void listeners.push(listener),
    close: () => {
      closing.abort();
      current?.stop();
    },
  };
}

// Bot ids become a token of subjects; nothing that could widen one may pass.
const SUBJECT_TOKEN = /^[A-Za-z0-9_-]+$/;

function apply(entries: Entries, { key, operation, value }: KvEntry, logger: Logger): void {
  entries.delete(key);
  if (operation !== "PUT" || !SUBJECT_TOKEN.test(key)) return;
  try {
    entries.set(key, { ...fromBinary(WebhookRegistrationSchema, value), botId: key });
  } catch (error) {
    logger.error({ err: error, botId: key }, "a webhook registration cannot be read; the bot is refused");
  }
}
