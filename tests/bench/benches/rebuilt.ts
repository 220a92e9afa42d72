import { createLogger } from "@botfactory/service-kit";
import type { Db } from "mongodb";
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
  /** The documents themselves inserted as they are, without an index. */
  readonly inserts: number;
}

const READ_MODEL = ["chats", "messages", "daily_stats"];
const INSERTED_AT_ONCE = 1_000;

const rebuildModule = z.object({
  rebuildReadModels: z.custom<
    (options: { nats: NatsConnection; mongodbUrl: string; logger: ReturnType<typeof createLogger> }) => Promise<void>
  >((value) => typeof value === "function"),
});

/** Reads CONVERSATIONS in order to its end, rebuilds conversation's documents from it, then inserts the same documents. */
export async function rebuilt({ nats, mongodbUrl }: Product, database: Db): Promise<Rebuilt> {
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
  const insertMs = await inserting(database);
  const aSecond = (ms: number) => (events * 1000) / ms;
  return { events, replay: aSecond(read - begun), rebuild: aSecond(done - from), inserts: aSecond(insertMs) };
}

/** How long the database takes for the documents alone, ms. */
async function inserting(database: Db): Promise<number> {
  const scratch = database.collection("bench_scratch");
  try {
    const documents = await Promise.all(READ_MODEL.map((name) => database.collection(name).find().toArray()));
    const all = documents.flat().map(({ _id, ...document }) => document);
    const begun = performance.now();
    for (let first = 0; first < all.length; first += INSERTED_AT_ONCE)
      await scratch.insertMany(all.slice(first, first + INSERTED_AT_ONCE), { ordered: false });
    return performance.now() - begun;
  } finally {
    await scratch.drop();
  }
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
