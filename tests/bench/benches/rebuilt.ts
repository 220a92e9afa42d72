import { createLogger } from "@botfactory/service-kit";
import type { Db } from "mongodb";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { REPOSITORY } from "../../setup/repository.ts";
import type { Product } from "../harness/product.ts";
import { sizeOf } from "../harness/streams.ts";
import type { Webhook } from "../world/post.ts";
import { type LiveAcks, liveAcks } from "./live-acks.ts";

/** Events a second of one round. */
export interface Rebuilt {
  readonly events: number;
  readonly replay: number;
  readonly rebuild: number;
  /** The documents themselves inserted as they are, without an index. */
  readonly inserts: number;
  /** Posts while it is rebuilt once more. */
  readonly acks: LiveAcks;
}

const READ_MODEL = ["chats", "messages", "daily_stats"];
const INSERTED_AT_ONCE = 1_000;

const rebuildModule = z.object({
  rebuildReadModels: z.custom<
    (options: { nats: NatsConnection; mongodbUrl: string; logger: ReturnType<typeof createLogger> }) => Promise<void>
  >((value) => typeof value === "function"),
});

/** What is rebuilt, and where. */
export interface RebuiltPlace {
  readonly product: Product;
  readonly webhook: Webhook;
  readonly database: Db;
}

/**
 * Reads CONVERSATIONS in order to its end, rebuilds conversation's documents from it, inserts the same documents, and
 * rebuilds them once more under posts.
 */
export async function rebuilt({ product, webhook, database }: RebuiltPlace): Promise<Rebuilt> {
  const { nats } = product;
  const { messages: events } = await sizeOf(nats, "CONVERSATIONS");
  const begun = performance.now();
  await replay(nats, events);
  const read = performance.now();
  const from = performance.now();
  await rebuild(product);
  const done = performance.now();
  const insertMs = await inserting(database);
  const acks = await liveAcks(webhook, () => rebuild(product));
  const aSecond = (ms: number) => (events * 1000) / ms;
  return { events, replay: aSecond(read - begun), rebuild: aSecond(done - from), inserts: aSecond(insertMs), acks };
}

async function rebuild({ nats, mongodbUrl }: Product): Promise<void> {
  const { rebuildReadModels } = rebuildModule.parse(
    await import(`${REPOSITORY}/services/conversation/dist/rebuild.js`),
  );
  await rebuildReadModels({ nats, mongodbUrl, logger: createLogger("bench", "silent") });
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
