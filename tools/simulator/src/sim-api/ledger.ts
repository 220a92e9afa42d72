import { Router } from "express";
import { z } from "zod";
import type { World } from "../world.ts";
import { read, telegramId } from "./requests.ts";

const filter = z.object({
  since: z.coerce.number().int().optional(),
  kind: z.enum(["call", "delivery"]).optional(),
  botId: telegramId.optional(),
  method: z.string().optional(),
});

export function ledgerApi(world: World): Router {
  const router = Router();
  router.get("/ledger", (request, response) => {
    response.json(world.ledger.read(read(filter, request.query)));
  });
  router.delete("/ledger", (_request, response) => {
    world.ledger.clear();
    response.status(204).end();
  });
  return router;
}
