import { randomInt } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import type { World } from "../world.ts";
import { chatView, findChat, read, SimError, telegramId } from "./requests.ts";

const newGroup = z.object({
  id: telegramId.negative().optional(),
  title: z.string().min(1).default("Group"),
  type: z.enum(["group", "supergroup"]).default("supergroup"),
  botIds: z.array(telegramId).min(1),
});
const place = z.object({ botId: telegramId.optional(), chatId: telegramId });

export function chatsApi(world: World): Router {
  const router = Router();
  const chatOf = (value: unknown) => {
    const conversation = findChat(world, read(place, value));
    if (!conversation) throw new SimError(404, "no such chat: nobody has written here yet");
    return conversation;
  };

  router.post("/groups", (request, response) => {
    const { id = freshGroupId(), title, type, botIds } = read(newGroup, request.body);
    response.status(201).json(chatView(world.chats.open({ id, type, title }, botIds)));
  });
  router.post("/groups/:chatId/migrate", (request, response) => {
    const group = chatOf(request.params);
    const supergroup = world.chats.open({ ...group.chat, id: freshGroupId(), type: "supergroup" }, group.botIds);
    group.migratedTo = supergroup.chat.id;
    response.json(chatView(supergroup));
  });
  router.post("/groups/:chatId/kick", (request, response) => {
    const { botId } = read(z.object({ botId: telegramId }), request.body);
    const group = chatOf(request.params);
    group.botIds.splice(0, group.botIds.length, ...group.botIds.filter((id) => id !== botId));
    response.json(chatView(group));
  });
  router.get("/chats", (request, response) => {
    const { botId } = read(z.object({ botId: telegramId }), request.query);
    response.json(world.chats.ofBot(botId).map(chatView));
  });
  router.get("/chats/:chatId", (request, response) => {
    response.json(chatView(chatOf({ ...request.query, ...request.params })));
  });
  return router;
}

// Supergroups count down from -100…, as in Telegram.
function freshGroupId(): number {
  return -1_000_000_000_000 - randomInt(1, 2_000_000_000);
}
