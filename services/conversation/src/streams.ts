import { ensureStream } from "@botfactory/event-store";
import type { NatsConnection } from "nats";

export const CONVERSATIONS = "CONVERSATIONS";

export async function declareStreams(nats: NatsConnection, replicas?: number): Promise<void> {
  await ensureStream(nats, {
    name: CONVERSATIONS,
    subjects: ["conversations.>"],
    description: "What happened in each chat: conversations.<botId>.<chatKey>",
    appendOnly: true,
    announced: true,
    replicas,
  });
}
