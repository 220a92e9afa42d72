import express, { type ErrorRequestHandler, Router } from "express";
import type { World } from "../world.ts";
import { botsApi } from "./bots.ts";
import { chatsApi } from "./chats.ts";
import { faultsApi } from "./faults.ts";
import { forcedDeliveriesApi } from "./forced-deliveries.ts";
import { ledgerApi } from "./ledger.ts";
import { SimError } from "./requests.ts";
import { streamApi } from "./stream.ts";
import { usersApi } from "./users.ts";
import { waitsApi } from "./waits.ts";

/** `/sim`: the strings behind this Telegram. */
export function simApi(world: World): Router {
  const router = Router();
  router.use(express.json({ limit: "10mb" }));
  const parts = [botsApi, usersApi, chatsApi, waitsApi, faultsApi, ledgerApi, forcedDeliveriesApi, streamApi];
  for (const part of parts) router.use(part(world));
  router.use((request) => {
    throw new SimError(404, `no ${request.method} ${request.path} here`);
  });
  router.use(explain);
  return router;
}

// biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
const explain: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = error instanceof SimError ? error.status : 400;
  response.status(status).json({ error: error instanceof Error ? error.message : String(error) });
};
