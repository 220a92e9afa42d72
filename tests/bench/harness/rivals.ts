import type { Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { type RivalProcess, startRival } from "./rival-process.ts";

/** A rival that takes webhooks. */
export interface WebhookRival extends RivalProcess {
  readonly webhook: Webhook;
}

const SECRET = "bench-secret";

/** grammY on Express that asks Gemini inside the handler. */
export async function startGrammy(world: World): Promise<WebhookRival> {
  const TELEGRAM_TOKEN = `6999999999:${"benchmark-".repeat(4)}`;
  const env = { TELEGRAM_API_ROOT: world.url, GEMINI_BASE_URL: world.url, TELEGRAM_TOKEN, SECRET };
  return withWebhook(await startRival("grammy-bot", env));
}

/** An ingress that only publishes. */
export async function startPublishOnly(natsUrl: string): Promise<WebhookRival> {
  return withWebhook(await startRival("publish-only", { NATS_URL: natsUrl }));
}

/** Express 5 that only answers. */
export async function startExpressOnly(): Promise<WebhookRival> {
  return withWebhook(await startRival("express-only", {}));
}

function withWebhook(rival: RivalProcess): WebhookRival {
  const headers = { "x-telegram-bot-api-secret-token": SECRET };
  return { ...rival, webhook: { url: `http://127.0.0.1:${rival.port}/webhook`, headers } };
}
