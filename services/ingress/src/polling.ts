import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { type WebhookRegistration, WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { inSpan, type Logger } from "@botfactory/service-kit";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { recordTaken } from "./outcomes.ts";
import { type FetchUpdates, TelegramRefused } from "./telegram-updates.ts";
import type { UpdateLog } from "./update-log.ts";
import type { WebhookTable } from "./webhook-table.ts";

export interface PollingDeps {
  readonly table: Pick<WebhookTable, "all" | "onChange">;
  readonly log: Pick<UpdateLog, "store">;
  readonly logger: Logger;
  /** Gets the bot's token and gives the way to ask Telegram with it. */
  readonly connectBot: (botId: string) => Promise<FetchUpdates>;
}

/** Polls Telegram for every bot registered so, one poller per registration: a changed one gets a new poller. */
export function polling(deps: PollingDeps): { stop(): void } {
  const pollers = new Map<string, AbortController>();

  function follow(): void {
    const wanted = new Map(
      deps.table
        .all()
        .filter(isPolled)
        .map((registration) => [keyOf(registration), registration]),
    );
    for (const [key, poller] of pollers) {
      if (wanted.has(key)) continue;
      poller.abort();
      pollers.delete(key);
    }
    for (const [key, registration] of wanted) {
      if (pollers.has(key)) continue;
      const poller = new AbortController();
      pollers.set(key, poller);
      void pollOn(deps, registration, poller.signal);
    }
  }

  deps.table.onChange(follow);
  follow();
  return {
    stop: () => {
      for (const poller of pollers.values()) poller.abort();
    },
  };
}

function isPolled({ mode, state }: WebhookRegistration): boolean {
  return mode === DeliveryMode.POLLING && state !== WebhookState.REMOVED;
}

function keyOf({ botId, revision }: WebhookRegistration): string {
  return `${botId}@${revision}`;
}

const UNAUTHORIZED = 401;

/** Goes on through everything but a refused token: only a new registration can mend that. */
async function pollOn(deps: PollingDeps, registration: WebhookRegistration, signal: AbortSignal): Promise<void> {
  const { botId } = registration;
  const patience = retry(
    handleWhen((error) => !(error instanceof TelegramRefused && error.status === UNAUTHORIZED)),
    { maxAttempts: Number.POSITIVE_INFINITY, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 10_000 }) },
  );
  patience.onFailure(({ reason }) => {
    if (!signal.aborted)
      deps.logger.warn({ err: "error" in reason ? reason.error : undefined, botId }, "polling failed");
  });
  await patience.execute(() => poll(deps, registration, signal), signal).catch(() => undefined);
}

async function poll(deps: PollingDeps, registration: WebhookRegistration, signal: AbortSignal): Promise<void> {
  const fetchUpdates = await deps.connectBot(registration.botId);
  let offset = 0;
  while (!signal.aborted) {
    for (const update of await fetchUpdates(offset, signal)) {
      // Where a trace begins that no post has begun.
      await inSpan("polled update", {}, async () => {
        const taken = await deps.log.store(registration, Buffer.from(JSON.stringify(update)));
        recordTaken(deps.logger, registration.botId, taken);
      });
      // Only now: the next question confirms everything before the offset to Telegram.
      offset = update.update_id + 1;
    }
  }
}
