import { Router } from "express";
import { z } from "zod";
import type { Bot } from "../bots.ts";
import { dropExpired } from "../updates.ts";
import type { World } from "../world.ts";
import { botById, read } from "./requests.ts";

const wish = z.object({
  username: z
    .string()
    .regex(/^\w{3,32}$/)
    .optional(),
  firstName: z.string().min(1).max(64).optional(),
  token: z
    .string()
    .regex(/^[1-9]\d{0,15}:[A-Za-z0-9_-]{1,80}$/)
    .optional(),
  readsAllGroupMessages: z.boolean().optional(),
});

const view = ({ id, username, firstName, revoked, webhook, updates }: Bot) => ({
  id,
  username,
  firstName,
  revoked,
  webhookUrl: webhook?.url ?? "",
  pendingUpdates: updates.size,
});

/** What BotFather does: make bots, show, change and withdraw tokens. */
export function botsApi(world: World): Router {
  const router = Router();
  const changed = ({ id }: Bot) => world.changes.emit({ kind: "bot", botId: id });

  router.get("/bots", (_request, response) => {
    response.json(world.bots.list().map(view));
  });
  router.post("/bots", (request, response) => {
    const bot = world.bots.create(read(wish, request.body));
    changed(bot);
    response.status(201).json({ ...view(bot), token: bot.token });
  });
  router.get("/bots/:botId", (request, response) => {
    response.json(view(botById(world, request.params.botId)));
  });
  router.get("/bots/:botId/token", (request, response) => {
    response.json({ token: botById(world, request.params.botId).token });
  });
  router.post("/bots/:botId/rotate", (request, response) => {
    const bot = botById(world, request.params.botId);
    world.bots.rotate(bot);
    changed(bot);
    response.json({ token: bot.token });
  });
  router.post("/bots/:botId/revoke", (request, response) => {
    const bot = botById(world, request.params.botId);
    bot.revoked = true;
    changed(bot);
    response.json(view(bot));
  });
  router.get("/bots/:botId/webhook", (request, response) => {
    const bot = botById(world, request.params.botId);
    dropExpired(bot);
    const { url = "", secretToken = "", maxConnections, lastErrorMessage } = bot.webhook ?? {};
    response.json({ url, secretToken, maxConnections, lastErrorMessage, pendingUpdates: bot.updates.size });
  });
  return router;
}
