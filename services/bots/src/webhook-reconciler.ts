import { setTimeout as pause } from "node:timers/promises";
import { DomainError } from "@botfactory/decider";
import { LogDamaged, type Recorded, UnknownEvent } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
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
  /** After how long a bot whose account cannot be read is tried again, ms; five minutes. */
  readonly unreadableRetryMs?: number;
}

const RETRY_MS = 1_000;
const UNREADABLE_RETRY_MS = 300_000;
const SIDE_BY_SIDE = 20;

export function webhookReconciler(deps: WebhookReconcilerDeps): WebhookReconciler {
  const { unreadableRetryMs = UNREADABLE_RETRY_MS } = deps;
  const stopping = new AbortController();
  // Only the last change of a bot counts: the table shows what is, not what was.
  const waiting = new Map<string, Change>();
  const postponed = new Map<string, NodeJS.Timeout>();
  let working: Promise<void> = Promise.resolve();

  function enqueue(change: Change): void {
    clearTimeout(postponed.get(change.botId));
    postponed.delete(change.botId);
    waiting.set(change.botId, change);
    if (waiting.size === 1) working = working.then(work).catch(() => undefined);
  }

  /** Whatever keeps a bot from being shown must not keep the others waiting: it is put back and holds no place meanwhile. */
  async function settle(change: Change): Promise<Outcome> {
    const { botId } = change;
    const outcome = await show(change, deps);
    if (stopping.signal.aborted || waiting.has(botId)) return outcome;
    if (outcome === "again") waiting.set(botId, change);
    if (outcome === "later") postponed.set(botId, setTimeout(enqueue, unreadableRetryMs, change));
    return outcome;
  }

  async function work(): Promise<void> {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const batch = [...waiting.values()].slice(0, SIDE_BY_SIDE);
      for (const { botId } of batch) waiting.delete(botId);
      const outcomes = await Promise.all(batch.map(settle));
      // Those to be shown again are behind all others now. A log that is away must not be asked without a pause.
      if (outcomes.includes("again")) await pause(RETRY_MS, undefined, { signal: stopping.signal });
    }
  }

  return {
    note: (recorded) => {
      const change = changeOf(recorded);
      if (change !== undefined) enqueue(change);
    },
    stop: async () => {
      stopping.abort();
      for (const timer of postponed.values()) clearTimeout(timer);
      await working;
    },
  };
}

/** What came of showing a bot; `later` where its account cannot be read until another process takes over or people mend the log. */
type Outcome = "shown" | "given-up" | "again" | "later";

async function show(change: Change, { table, secrets, logger }: WebhookReconcilerDeps): Promise<Outcome> {
  const { ownerId, botId, sequence, isDeletion } = change;
  try {
    await table.publish(ownerId, botId, sequence);
    if (isDeletion) await secrets.forget(botId);
    return "shown";
  } catch (err) {
    const outcome = outcomeOf(err);
    // Say because its key is gone.
    if (outcome === "given-up") logger.error({ botId, err }, "a bot is not in the webhook table");
    else logger.warn({ botId, err }, "the webhook table waits");
    return outcome;
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof UnknownEvent || error instanceof LogDamaged) return "later";
  const isPassing = error instanceof NatsError || (error instanceof DomainError && error.kind === "unavailable");
  return isPassing ? "again" : "given-up";
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
