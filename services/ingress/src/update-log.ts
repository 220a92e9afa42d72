import { createHash } from "node:crypto";
import { crashPoint } from "@botfactory/crash-points";
import { chatKey } from "@botfactory/encryption";
import { publishSpan } from "@botfactory/event-store/spans";
import { traceHeaders } from "@botfactory/event-store/trace-context";
import type { WebhookRegistration } from "@botfactory/proto/webhooks/v1/registration";
import { headers, type NatsConnection } from "nats";
import { addressOf, type UpdateAddress, type UpdateProblem } from "./update.ts";

/** Why bytes are set aside for people instead of being handed on. */
export type QuarantineReason = UpdateProblem | "too_large";

/** What the log has of received bytes. */
export type Taken =
  | { readonly outcome: "stored" | "duplicate"; readonly updateId: string }
  | { readonly outcome: "quarantined"; readonly reason: QuarantineReason };

/** Puts received bytes into the log; resolves once the log has stored them, rejects otherwise. */
export interface UpdateLog {
  store(registration: WebhookRegistration, body: Uint8Array): Promise<Taken>;
  quarantine(registration: WebhookRegistration, reason: QuarantineReason, evidence: Uint8Array): Promise<Taken>;
}

// Telegram is to have its answer within 3 s, the log's absence included.
const ACK_TIMEOUT_MS = 2_500;

export function updateLog(nats: NatsConnection): UpdateLog {
  const js = nats.jetstream({ timeout: ACK_TIMEOUT_MS });

  const publish = (stream: string, { subject, msgId, more, body }: Publication) =>
    publishSpan(stream, async () => {
      const all = headers();
      for (const [name, value] of Object.entries({ ...more, ...traceHeaders() })) all.set(name, value);
      return js.publish(subject, body, { msgID: msgId, headers: all, expect: { streamName: stream } });
    });

  async function quarantine(
    { botId }: WebhookRegistration,
    reason: QuarantineReason,
    evidence: Uint8Array,
  ): Promise<Taken> {
    const digest = createHash("sha256").update(evidence).digest("base64url");
    const more = { "Quarantine-Reason": reason };
    await publish("QUARANTINE", {
      subject: `quarantine.ingress.${botId}`,
      msgId: `${botId}:${digest}`,
      more,
      body: evidence,
    });
    return { outcome: "quarantined", reason };
  }

  return {
    quarantine,
    async store(registration, body) {
      const address = addressOf(body);
      if (typeof address === "string") return quarantine(registration, address, body);
      crashPoint("ing.beforePublish");
      const { duplicate } = await publish("UPDATES", publication(registration, address, body));
      crashPoint("ing.afterPubAck");
      return { outcome: duplicate ? "duplicate" : "stored", updateId: address.updateId };
    },
  };
}

interface Publication {
  readonly subject: string;
  readonly msgId: string;
  readonly more: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function publication(
  { botId, chatKeySecret }: WebhookRegistration,
  { updateId, chatId, threadId }: UpdateAddress,
  body: Uint8Array,
): Publication {
  return {
    subject: `updates.${botId}.${chatKey(chatKeySecret, chatId, threadId)}`,
    msgId: `${botId}:${updateId}`,
    more: { "Telegram-Update-Id": updateId },
    body,
  };
}
