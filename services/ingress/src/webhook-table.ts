import { followStream, type StreamMessage } from "@botfactory/event-store/follow-stream";
import { awaitStream } from "@botfactory/event-store/streams";
import { isSubjectToken } from "@botfactory/event-store/subject-token";
import { type WebhookRegistration, WebhookRegistrationSchema } from "@botfactory/proto/webhooks/v1/registration";
import type { Logger } from "@botfactory/service-kit";
import { fromBinary } from "@bufbuild/protobuf";
import { ConstantBackoff, handleAll, retry } from "cockatiel";
import type { NatsConnection } from "nats";
import type { ConnectionState } from "./connection-state.ts";

/** What ingress knows of every bot, kept in memory, so that a request asks nobody. */
export interface WebhookTable {
  find(botId: string): WebhookRegistration | undefined;
  all(): readonly WebhookRegistration[];
  /** False until every registration there was at the start is known. */
  isReady(): boolean;
  onChange(listener: () => void): void;
  close(): void;
}

type Entries = Map<string, WebhookRegistration>;
const STREAM = "KV_webhooks";
const KEYS = "$KV.webhooks.";

export interface WebhookTableDeps {
  readonly nats: NatsConnection;
  readonly connection: ConnectionState;
  readonly logger: Logger;
}

export function webhookTable({ nats, connection, logger }: WebhookTableDeps): WebhookTable {
  const closing = new AbortController();
  const listeners: (() => void)[] = [];
  let entries: Entries | undefined;
  let reconnected = new AbortController();

  /** Reads all registrations, then their changes, until the connection is another one; the former table serves until the new one is whole. */
  async function follow(): Promise<void> {
    reconnected = new AbortController();
    await awaitStream(nats, STREAM);
    const fresh: Entries = new Map();
    const from = { stream: STREAM, subject: ">", after: 0 };
    const signal = AbortSignal.any([closing.signal, reconnected.signal]);
    for await (const { messages, isCaughtUp } of followStream(nats, from, signal)) {
      for (const message of messages) apply(fresh, message, logger);
      if (!isCaughtUp) continue;
      entries = fresh;
      for (const listener of listeners) listener();
    }
  }

  const forEver = retry(handleAll, { maxAttempts: Number.POSITIVE_INFINITY, backoff: new ConstantBackoff(500) });
  forEver.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "reading webhooks again"),
  );
  // The log may be another one than before.
  connection.onReconnect(() => reconnected.abort());
  const run = async () => {
    while (!closing.signal.aborted) await forEver.execute(follow, closing.signal);
  };
  void run().catch(() => undefined);

  return {
    find: (botId) => entries?.get(botId),
    all: () => [...(entries?.values() ?? [])],
    isReady: () => entries !== undefined,
    onChange: (listener) => void listeners.push(listener),
    close: () => closing.abort(),
  };
}

function apply(entries: Entries, { subject, headers, data }: StreamMessage, logger: Logger): void {
  const key = subject.slice(KEYS.length);
  entries.delete(key);
  // Bot ids become a token of subjects.
  const isPut = (headers?.get("KV-Operation") ?? "") === "";
  if (!isPut || !isSubjectToken(key)) return;
  try {
    entries.set(key, { ...fromBinary(WebhookRegistrationSchema, data), botId: key });
  } catch (error) {
    logger.error({ err: error, botId: key }, "a webhook registration cannot be read; the bot is refused");
  }
}
