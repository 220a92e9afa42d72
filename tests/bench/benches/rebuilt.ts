import { createLogger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { Product } from "../harness/product.ts";
import { REPOSITORY } from "../harness/repository.ts";
import { sizeOf } from "../harness/streams.ts";

/** Events a second of one round. */
export interface Rebuilt {
  readonly events: number;
  readonly replay: number;
  readonly rebuild: number;
}

const rebuildModule = z.object({
  rebuildReadModels: z.custom<
    (options: { nats: NatsConnection; mongodbUrl: string; logger: ReturnType<typeof createLogger> }) => Promise<void>
  >((value) => typeof value === "function"),
});

/** Reads CONVERSATIONS in order to its end, then rebuilds conversation's documents from it. */
export async function rebuilt({ nats, mongodbUrl }: Product): Promise<Rebuilt> {
  const { messages: events } = await sizeOf(nats, "CONVERSATIONS");
  const begun = performance.now();
  await replay(nats, events);
  const read = performance.now();
  const { rebuildReadModels } = rebuildModule.parse(
    await import(`${REPOSITORY}/services/conversation/dist/rebuild.js`),
  );
  const from = performance.now();
  await rebuildReadModels({ nats, mongodbUrl, logger: createLogger("bench", "silent") });
  const done = performance.now();
  return { events, replay: (events * 1000) / (read - begun), rebuild: (events * 1000) / (done - from) };
}

async function replay(nats: NatsConnection, events: number): Promise<void> {
  const consumer = await nats.jetstream().consumers.get("CONVERSATIONS");
  const messages = await consumer.consume();
  let read = 0;
  for await (const _message of messages) {
    read += 1;
    if (read >= events) break;
  }
  await messages.close();
}
