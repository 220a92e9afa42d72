import type { IncomingMessage, ServerResponse } from "node:http";
import { type Readiness, whyNotReady } from "./readiness.ts";

const HEADERS = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/**
 * Answers a load balancer on the serving port, as /readyz does on the admin port that only the cluster reaches: 200 or
 * 503, without the names of failing checks.
 */
export function servingHealth(readiness: Readiness) {
  const isReady = oneAtATime(async () => (await whyNotReady(readiness)).length === 0);
  return async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const ready = await isReady();
    response.writeHead(ready ? 200 : 503, HEADERS).end(ready ? "ready\n" : "not ready\n");
  };
}

/** Anybody on the internet may ask; together they put one question to the neighbours. */
function oneAtATime<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asking: Promise<Answer> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
