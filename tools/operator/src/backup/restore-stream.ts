import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { NatsConnection } from "nats";
import type { StreamBackup } from "./manifest.ts";

const CHUNK_BYTES = 128 * 1024;
const ANSWER_WITHIN_MS = 60_000;

interface Answer {
  readonly deliver_subject?: string;
  readonly error?: { readonly description: string };
}

/** Brings one stream back with its sequences and consumers (`$JS.API.STREAM.RESTORE`); a stream of its name must not be there. */
export async function restoreStream(
  nats: NatsConnection,
  directory: string,
  { name, config, state, file }: StreamBackup,
): Promise<void> {
  // With sync_interval: always the server syncs each message it brings back; a megabyte of them at once may take it longer
  // than the 5 s after which it takes the sender for gone.
  const hint = "if it says closed or stalled, its disk syncs too slowly: restore into a NATS with sync_interval: 2m";
  const ask = async (subject: string, payload: Uint8Array | string): Promise<Answer> => {
    const message = await nats.request(subject, payload, { timeout: ANSWER_WITHIN_MS });
    const answer = message.data.length === 0 ? {} : message.json<Answer>();
    if (answer.error !== undefined)
      throw new Error(`${name} cannot be restored: ${answer.error.description} (${hint})`);
    return answer;
  };
  const { deliver_subject: target } = await ask(`$JS.API.STREAM.RESTORE.${name}`, JSON.stringify({ config, state }));
  if (target === undefined) throw new Error(`${name} cannot be restored: the server named no place for it`);
  for await (const chunk of createReadStream(join(directory, file), { highWaterMark: CHUNK_BYTES })) {
    await ask(target, chunk);
  }
  await ask(target, "");
}
