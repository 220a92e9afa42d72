import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createInbox, Events, type Msg, type NatsConnection, type Subscription } from "nats";
import { type StreamBackup, streamBackup } from "./manifest.ts";

const END_WITHIN_MS = 60_000;
const OK = 204;

/**
 * Writes one stream with its consumers to a file, by the server's own snapshot (`$JS.API.STREAM.SNAPSHOT`): chunks on a
 * subject, each confirmed, closed by an empty one. The server checks every message's checksum first.
 */
export async function snapshotStream(nats: NatsConnection, name: string, file: string): Promise<StreamBackup> {
  const inbox = createInbox("_INBOX_backup");
  const chunks = nats.subscribe(inbox);
  void endWithConnection(nats, chunks);
  const target = await open(file, "wx");
  try {
    const wish = JSON.stringify({ deliver_subject: inbox, jsck: true, chunk_size: 512 * 1024 });
    const answer = await nats.request(`$JS.API.STREAM.SNAPSHOT.${name}`, wish, { timeout: END_WITHIN_MS });
    const { config, state, error } = answer.json<{ config?: unknown; state?: unknown; error?: unknown }>();
    if (error !== undefined) throw new Error(`no backup of ${name}: ${JSON.stringify(error)}`);
    const hash = createHash("sha256");
    for await (const chunk of untilEnd(chunks, name)) {
      hash.update(chunk.data);
      await target.appendFile(chunk.data);
      chunk.respond();
    }
    await target.sync();
    return streamBackup({ name, config, state, file: basename(file), sha256: hash.digest("hex") });
  } finally {
    chunks.unsubscribe();
    await target.close();
  }
}

/** After a reconnection nothing more would come: the server that sent the chunks has given up, or is another one. */
async function endWithConnection(nats: NatsConnection, chunks: Subscription): Promise<void> {
  for await (const { type } of nats.status()) if (type === Events.Disconnect) chunks.unsubscribe();
}

async function* untilEnd(chunks: AsyncIterable<Msg>, name: string): AsyncIterable<Msg> {
  for await (const chunk of chunks) {
    if (chunk.data.length > 0) {
      yield chunk;
      continue;
    }
    const { code = OK, description = "" } = chunk.headers ?? {};
    if (code !== OK && code !== 0) throw new Error(`the backup of ${name} broke off: ${code} ${description}`);
    return;
  }
  throw new Error(`the backup of ${name} broke off: the connection was closed`);
}
