import { DomainError } from "@botfactory/decider";
import type { Recorded } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import { NatsError } from "nats";
import { ownerOfSubject } from "./accounts.ts";
import type { BotSecrets } from "./bot-secrets.ts";
import type { AccountFact } from "./domain/account-state.ts";
import type { WebhookTable } from "./webhook-table.ts";

interface Change {
  readonly ownerId: string;
  readonly botId: string;
  readonly sequence: number;
  readonly isDeletion: boolean;
}

/** Brings the table up to the log: at the start, and whatever a process that died left undone. */
export interface WebhookReconciler {
  note(recorded: Recorded<AccountFact>): void;
  stop(): Promise<void>;
}

export interface WebhookReconcilerDeps {
  readonly table: WebhookTable;
  readonly secrets: Pick<BotSecrets, "forget">;
  readonly logger: Logger;
}

const RETRY_MS = 1_000;
const SIDE_BY_SIDE = 20;

export function webhookReconciler({ table, secrets, logger }: WebhookReconcilerDeps): WebhookReconciler {
  const stopping = new AbortController();
  // Only the last change of a bot counts: the table shows what is, not what was.
  const waiting = new Map<string, Change>();
  let working: Promise<void> = Promise.resolve();

  const patiently = retry(handleWhen(isPassing), {
    maxAttempts: Number.POSITIVE_INFINITY,
    backoff: new ConstantBackoff(RETRY_MS),
  });
  patiently.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "the webhook table waits"),
  );

  const settle = async ({ ownerId, botId, sequence, isDeletion }: Change) => {
    await table.publish(ownerId, botId, sequence);
    if (isDeletion) await secrets.forget(botId);
  };

  // One bot that cannot be shown, say because its key is gone, must not keep the others waiting.
  const giveUp = (error: unknown) => logger.error({ err: error }, "a bot is not in the webhook table");

  const work = async () => {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const batch = [...waiting.values()].slice(0, SIDE_BY_SIDE);
      for (const { botId } of batch) waiting.delete(botId);
      await Promise.all(batch.map((change) => patiently.execute(() => settle(change), stopping.signal).catch(giveUp)));
    }
  };

  return {
    note: (recorded) => {
      const change = changeOf(recorded);
      if (change === undefined) return;
      waiting.set(change.botId, change);
      if (waiting.size === 1) working = working.then(work).catch(() => undefined);
    },
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}

function isPassing(error: Error): boolean {
  return error instanceof NatsError || (error instanceof DomainError && error.kind === "unavailable");
}

const SHOWN = new Set<AccountFact["case"]>([
  "webhookRequested",
  "webhookSet",
  "webhookFailed",
  "webhookDeleted",
  "botPaused",
  "botResumed",
  "botDeleted",
]);

function changeOf({ event, subject, sequence }: Recorded<AccountFact>): Change | undefined {
  const ownerId = ownerOfSubject(subject);
  if (ownerId === undefined || !SHOWN.has(event.case) || !("botId" in event.value)) return undefined;
  return { ownerId, botId: event.value.botId, sequence, isDeletion: event.case === "botDeleted" };
}
