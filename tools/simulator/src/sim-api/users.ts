import { Router } from "express";
import { z } from "zod";
import { play } from "../play.ts";
import type { World } from "../world.ts";
import { botById, read, telegramId } from "./requests.ts";

const profile = z.object({
  first_name: z.string().min(1).max(64).optional(),
  last_name: z.string().max(64).optional(),
  username: z.string().max(32).optional(),
  language_code: z.string().max(35).optional(),
});
const place = z.object({ botId: telegramId, chatId: telegramId.optional() });
const said = place.extend({ text: z.string().optional(), fields: z.record(z.string(), z.unknown()).default({}) });
const edited = place.extend({ messageId: telegramId, text: z.string() });
const pressed = place.extend({ messageId: telegramId, data: z.string() });

/** Everything a person can do with a bot in a Telegram client. */
export function usersApi(world: World): Router {
  const router = Router();
  const acts = play(world);
  const user = (id: unknown) => world.users.meet({ id: read(telegramId, id) });

  router.get("/users", (_request, response) => {
    response.json(world.users.list());
  });
  router.put("/users/:userId", (request, response) => {
    const id = read(telegramId, request.params.userId);
    response.json(world.users.meet({ id, ...read(profile, request.body) }));
  });
  router.post("/users/:userId/send", (request, response) => {
    const { botId, chatId, text, fields } = read(said, request.body);
    const message = { ...fields, chatId, ...(text !== undefined && { text }) };
    response.status(201).json(acts.send(botById(world, botId), user(request.params.userId), message));
  });
  router.post("/users/:userId/edit", (request, response) => {
    const { botId, ...wish } = read(edited, request.body);
    response.json(acts.edit(botById(world, botId), user(request.params.userId), wish));
  });
  router.post("/users/:userId/press", (request, response) => {
    const { botId, ...wish } = read(pressed, request.body);
    response.json(acts.press(botById(world, botId), user(request.params.userId), wish));
  });
  for (const [path, blocked] of [
    ["block", true],
    ["unblock", false],
  ] as const) {
    router.post(`/users/:userId/${path}`, (request, response) => {
      const { botId } = read(place, request.body);
      const updateId = acts.block(botById(world, botId), user(request.params["userId"]), blocked);
      response.json({ updateId });
    });
  }
  router.post("/bots/:botId/updates", (request, response) => {
    const update = read(z.record(z.string(), z.unknown()), request.body);
    response.status(201).json({ updateId: acts.raw(botById(world, request.params.botId), update) });
  });
  return router;
}
