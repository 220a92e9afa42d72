import { Router } from "express";
import { z } from "zod";
import type { World } from "../world.ts";
import { read, telegramId } from "./requests.ts";

const filter = z.object({ botId: telegramId.optional(), chatId: telegramId.optional() });
// Proxies cut silent connections after a minute.
const HEARTBEAT_MS = 25_000;

/** Server-sent events for the chat page. */
export function streamApi(world: World): Router {
  const router = Router();
  router.get("/stream", (request, response) => {
    const { botId, chatId } = read(filter, request.query);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": welcome\n\n");
    const unsubscribe = world.changes.subscribe((change) => {
      const elsewhere = "chatId" in change && chatId !== undefined && change.chatId !== chatId;
      if (change.kind === "ledger" || elsewhere) return;
      if (change.kind !== "bot" && botId !== undefined && change.botId !== botId) return;
      response.write(`data: ${JSON.stringify(change)}\n\n`);
    });
    const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
    response.on("close", () => {
      clearInterval(heartbeat);
      unsubscribe();
    });
  });
  return router;
}
