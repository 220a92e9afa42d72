import { ensureStream } from "@botfactory/event-store";
import type { NatsConnection } from "nats";

const HOUR_MS = 3_600_000;

/** A stream with the settings of UPDATES, for rivals. */
export async function declareBenchStream(nats: NatsConnection): Promise<void> {
  await ensureStream(nats, {
    name: "BENCH",
    subjects: ["bench.>"],
    description: "What rivals of the benches publish",
    maxAgeMs: 7 * 24 * HOUR_MS,
    duplicateWindowMs: HOUR_MS,
  });
}

/** So that one measurement's updates are no work for the next. */
export async function emptyStream(nats: NatsConnection, stream: string): Promise<void> {
  const { streams } = await nats.jetstreamManager();
  await streams.purge(stream);
}

export interface StreamSize {
  readonly messages: number;
  readonly bytes: number;
}

export async function sizeOf(nats: NatsConnection, stream: string): Promise<StreamSize> {
  const { streams } = await nats.jetstreamManager();
  const { state } = await streams.info(stream);
  return { messages: state.messages, bytes: state.bytes };
}
