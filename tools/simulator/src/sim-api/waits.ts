import { isDeepStrictEqual } from "node:util";
import { type Request, type Response, Router } from "express";
import { z } from "zod";
import { typingNow } from "../chats.ts";
import { isJson, type Json } from "../message.ts";
import type { World } from "../world.ts";
import { botById, findChat, goneSignal, read, telegramId, timeout } from "./requests.ts";

const place = z.object({ botId: telegramId.optional(), chatId: telegramId, timeoutMs: timeout });
const replies = place.extend({
  count: z.coerce.number().int().min(1).default(1),
  after: z.coerce.number().int().default(0),
});
const ledgerWish = z.object({
  kind: z.enum(["call", "delivery"]).optional(),
  botId: telegramId.optional(),
  method: z.string().optional(),
  since: z.number().int().optional(),
  /** Every field named here must be equal; objects are compared by the fields given. */
  match: z.record(z.string(), z.unknown()).default({}),
  count: z.number().int().min(1).default(1),
  timeoutMs: timeout,
});
const idle = z.object({ botId: telegramId, timeoutMs: timeout });

/** Long polls, so that a test awaits what happens instead of sleeping. 408 when it did not happen in time. */
export function waitsApi(world: World): Router {
  const router = Router();

  async function answerWhen<T>(
    exchange: { request: Request; response: Response; timeoutMs: number },
    check: () => T | undefined,
  ) {
    const { request, response, timeoutMs } = exchange;
    const found = await world.changes.until(check, { timeoutMs, signal: goneSignal(request) });
    if (found === undefined) response.status(408).json({ error: `did not happen within ${timeoutMs} ms` });
    else response.json(found);
  }

  router.get("/wait/replies", async (request, response) => {
    const { count, after, timeoutMs, ...where } = read(replies, request.query);
    await answerWhen({ request, response, timeoutMs }, () => {
      const said =
        findChat(world, where)?.messages.filter(({ from, message_id }) => from.is_bot && message_id > after) ?? [];
      return said.length >= count ? said : undefined;
    });
  });
  router.get("/wait/typing", async (request, response) => {
    const { timeoutMs, ...where } = read(place, request.query);
    await answerWhen({ request, response, timeoutMs }, () => {
      const conversation = findChat(world, where);
      const action = conversation && typingNow(conversation);
      return action && { action };
    });
  });
  router.post("/wait/ledger", async (request, response) => {
    const { count, match, timeoutMs, ...filter } = read(ledgerWish, request.body);
    await answerWhen({ request, response, timeoutMs }, () => {
      const entries = world.ledger.read(filter).filter((entry) => contains({ ...entry }, match));
      return entries.length >= count ? entries : undefined;
    });
  });
  router.get("/wait/idle", async (request, response) => {
    const { botId, timeoutMs } = read(idle, request.query);
    const bot = botById(world, botId);
    await answerWhen({ request, response, timeoutMs }, () =>
      bot.updates.size === 0 ? { pendingUpdates: 0 } : undefined,
    );
  });
  return router;
}

function contains(actual: Json, wanted: Json): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = actual[name];
    return isJson(value) && isJson(found) ? contains(found, value) : isDeepStrictEqual(found, value);
  });
}
