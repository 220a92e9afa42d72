import { ensureStream } from "@botfactory/event-store/streams";
import type { NatsConnection } from "nats";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Declares the streams ingress owns; both hold what users wrote, so both forget by themselves. */
export async function declareStreams(nats: NatsConnection, replicas?: number): Promise<void> {
  await ensureStream(nats, {
    name: "UPDATES",
    subjects: ["updates.>"],
    description: "Telegram's updates as received: updates.<botId>.<chatKey>",
    maxAgeMs: 7 * DAY_MS,
    duplicateWindowMs: HOUR_MS,
    replicas,
  });
  await ensureStream(nats, {
    name: "QUARANTINE",
    subjects: ["quarantine.>"],
    description: "What could not be handled, for people: quarantine.<service>.<botId>",
    maxAgeMs: 30 * DAY_MS,
    duplicateWindowMs: HOUR_MS,
    replicas,
  });
}
