import { Router } from "express";
import { z } from "zod";
import type { World } from "../world.ts";
import { read, telegramId } from "./requests.ts";

const count = z.number().int().min(0);
const wish = z.object({
  kind: z.enum([
    "rate-limited",
    "internal",
    "blocked",
    "chat-not-found",
    "cannot-parse-entities",
    "unauthorized",
    "migrated",
    "error",
    "reset-before",
    "reset-after",
    "delay",
    "hang-before",
    "hang-after",
  ]),
  botId: telegramId.optional(),
  chatId: telegramId.optional(),
  method: z.string().optional(),
  times: count.optional(),
  skip: count.optional(),
  retryAfter: count.optional(),
  migrateToChatId: telegramId.optional(),
  delayMs: count.optional(),
  errorCode: z.number().int().min(400).max(599).optional(),
  description: z.string().optional(),
});

export function faultsApi(world: World): Router {
  const router = Router();
  router.get("/faults", (_request, response) => {
    response.json(world.faults.list());
  });
  router.post("/faults", (request, response) => {
    response.status(201).json(world.faults.add(read(wish, request.body)));
  });
  router.delete("/faults", (_request, response) => {
    world.faults.remove();
    response.status(204).end();
  });
  router.delete("/faults/:id", (request, response) => {
    world.faults.remove(request.params.id);
    response.status(204).end();
  });
  return router;
}
