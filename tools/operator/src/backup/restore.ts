import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { acceptRollback } from "@botfactory/event-store";
import type { NatsConnection } from "nats";
import { connectForCommand } from "../connect-for-command.ts";
import { OWNER_OF_STREAM, reachDocuments, withDatabase } from "../database.ts";
import { streamNames } from "./backup.ts";
import { type Manifest, readManifest, type StreamBackup } from "./manifest.ts";
import { restoreStream } from "./restore-stream.ts";

export interface RestoreOptions {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly directory: string;
  /** Copies of each stream; as in the backup when left out. */
  readonly replicas?: number | undefined;
  readonly say: (line: string) => void;
}

/** What is known to be missing after a restore, by number. */
export interface RestoreReport {
  readonly restored: number;
  /** Events the documents had seen and the restored log does not have, by stream; streams nobody kept count of are left out. */
  readonly forgottenEvents: Readonly<Record<string, number>>;
  /** Messages of chats the console showed and the restored log does not have. */
  readonly forgottenMessages: number;
  /** Turns that were open and updates that waited in the backup: perhaps answered since, so not answered again. */
  readonly unknown: { readonly turns: number; readonly updates: number };
  readonly seconds: number;
}

/**
 * `botfactory restore <directory>`: brings a backup into a NATS without streams while no service runs. Last of all the
 * log is accepted as it now is; until then services whose documents know a longer log refuse to work on it.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { natsUrl, directory, say } = options;
  const begun = performance.now();
  const manifest = await readManifest(directory);
  await verify(directory, manifest);
  const nats = await connectForCommand({ url: natsUrl, name: "restore" });
  try {
    await refuseExisting(nats, manifest);
    await reachDocuments(options.mongodbUrl, Object.values(OWNER_OF_STREAM));
    for (const stream of manifest.streams) await bringBack(nats, stream, options);
    const { settleRestored } = await import("@botfactory/conversation/settle-restored");
    const unknown = await settleRestored(nats);
    const forgotten = await accept(nats, manifest, options);
    const restored = manifest.streams.reduce((sum, { state }) => sum + state.messages, 0);
    const report = { restored, ...forgotten, unknown, seconds: (performance.now() - begun) / 1_000 };
    for (const line of inWords(manifest, report)) say(line);
    return report;
  } finally {
    await nats.close();
  }
}

async function verify(directory: string, { streams }: Manifest): Promise<void> {
  for (const { name, file, sha256 } of streams) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(directory, file)), hash);
    if (hash.digest("hex") !== sha256) throw new Error(`the backup of ${name} is damaged: ${file}`);
  }
}

async function refuseExisting(nats: NatsConnection, { streams }: Manifest): Promise<void> {
  const there = await streamNames(nats);
  const inTheWay = streams.map(({ name }) => name).filter((name) => there.includes(name));
  if (inTheWay.length === 0) return;
  throw new Error(
    `streams are there already (${inTheWay.join(", ")}): stop all services and restore into an empty NATS`,
  );
}

async function bringBack(nats: NatsConnection, stream: StreamBackup, { directory, replicas, say }: RestoreOptions) {
  const begun = performance.now();
  const config = { ...stream.config, num_replicas: replicas ?? stream.config.num_replicas };
  await restoreStream(nats, directory, { ...stream, config });
  say(`✓ ${stream.name}: ${stream.state.messages} messages, ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
}

/** Counts what the documents know and the log does not, then lets the services work on the log as it is. */
async function accept(nats: NatsConnection, manifest: Manifest, { mongodbUrl }: RestoreOptions) {
  const forgottenEvents: Record<string, number> = {};
  let forgottenMessages = 0;
  for (const { name, state } of manifest.streams) {
    const owner = OWNER_OF_STREAM[name];
    if (owner === undefined) continue;
    await withDatabase(mongodbUrl, owner, async (database) => {
      if (database === undefined) return;
      const { before } = await acceptRollback(nats, database, name);
      if (before !== undefined) forgottenEvents[name] = Math.max(0, before.sequence - state.last_seq);
      if (owner !== "conversation") return;
      const after = { position: { $gt: state.last_seq } };
      forgottenMessages = await database.collection("messages").countDocuments(after);
    });
  }
  return { forgottenEvents, forgottenMessages };
}

function inWords({ madeAt }: Manifest, report: RestoreReport): readonly string[] {
  const { forgottenEvents, forgottenMessages, unknown, seconds } = report;
  const events = Object.entries(forgottenEvents).map(([stream, count]) => `${stream} ${count}`);
  return [
    `✓ restored the log of ${madeAt} in ${seconds.toFixed(1)} s`,
    "  if this NATS does not sync every write, stop it cleanly and start it with sync_interval: always; then start the services",
    `  forgotten since then, as far as the documents know: events ${events.join(", ") || "of no stream"}; messages of chats ${forgottenMessages}`,
    `  perhaps answered since then and so not answered again: ${unknown.turns} open turns, ${unknown.updates} waiting updates (see QUARANTINE)`,
    "  keys destroyed since then are back: forget those chats and bots again",
  ];
}
