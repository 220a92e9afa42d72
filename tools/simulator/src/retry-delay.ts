import type { Lane } from "./delivery-lanes.ts";
import type { WebhookResponse } from "./webhook-post.ts";

// Both from tdlib/telegram-bot-api, WebhookActor.cpp.
const MAX_RESEND_SECONDS = 60;
const MAX_RETRY_AFTER_SECONDS = 3600;

/** How long a lane waits after a failed try: as long as the webhook said, else not at all, then twice as long each time. */
export function retryDelaySeconds(lane: Lane, result: WebhookResponse | Error): number {
  const retryAfter = retryAfterOf(result);
  const isFirst = lane.attempts === 1;
  if (retryAfter === 0 && !isFirst) {
    const limit = MAX_RESEND_SECONDS * (1 + Math.random());
    lane.delaySeconds = Math.min(limit, lane.delaySeconds * 2);
  }
  if (retryAfter > 0) return retryAfter;
  return isFirst ? 0 : lane.delaySeconds;
}

function retryAfterOf(result: WebhookResponse | Error): number {
  if (result instanceof Error) return 0;
  return Math.min(Math.max(result.retryAfter, 0), MAX_RETRY_AFTER_SECONDS);
}
