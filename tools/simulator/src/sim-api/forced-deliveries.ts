import { Router } from "express";
import { z } from "zod";
import type { Bot } from "../bots.ts";
import type { World } from "../world.ts";
import { botById, read, SimError } from "./requests.ts";

const wish = z.object({
  /** A JSON update… */
  update: z.record(z.string(), z.unknown()).optional(),
  /** …or any text… */
  body: z.string().optional(),
  /** …or any bytes. */
  bodyBase64: z.base64().optional(),
  urls: z.array(z.url()).min(1).optional(),
  times: z.number().int().min(1).max(1000).default(1),
  /** The webhook's own unless given; null sends no header. */
  secretToken: z.string().nullable().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  timeoutMs: z.number().int().min(1).max(600_000).default(30_000),
});

type Wish = z.infer<typeof wish>;

/** Posts outside Telegram's rules: the same update many times at once, forged or broken bodies. */
export function forcedDeliveriesApi(world: World): Router {
  const router = Router();
  router.post("/bots/:botId/deliver", async (request, response) => {
    const bot = botById(world, request.params.botId);
    const given = read(wish, request.body);
    const urls = given.urls ?? (bot.webhook ? [bot.webhook.url] : []);
    if (urls.length === 0) throw new SimError(409, "this bot has no webhook: name the urls");
    const targets = Array.from({ length: given.times }, () => urls).flat();
    response.json(await Promise.all(targets.map((url) => postOnce(world, bot, { ...given, url }))));
  });
  return router;
}

async function postOnce(world: World, bot: Bot, { url, ...given }: Wish & { url: string }) {
  const at = Date.now();
  const secretToken = given.secretToken === undefined ? bot.webhook?.secretToken : (given.secretToken ?? undefined);
  const { headers, timeoutMs } = given;
  const result = await world
    .post({ url, body: bodyOf(given), secretToken, headers, timeoutMs })
    .catch((error: Error) => error);
  const failed = result instanceof Error;
  const durationMs = Date.now() - at;
  const status = failed ? undefined : result.status;
  const error = failed ? result.message : undefined;
  const updateId = Number(given.update?.["update_id"]) || undefined;
  const entry = { at, botId: bot.id, updateId, queue: "forced", attempt: 1, url, status, error, durationMs };
  world.ledger.delivery({ ...entry, outcome: "forced", retryInMs: undefined });
  return { url, status, error, durationMs, body: failed ? undefined : result.body };
}

function bodyOf({ update, body, bodyBase64 }: Wish): string | Buffer {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, "base64");
  return body ?? JSON.stringify(update ?? {});
}
