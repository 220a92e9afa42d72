import { access, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { NatsConnection } from "nats";
import { connectForCommand } from "../connect-for-command.ts";
import { MANIFEST, type Manifest } from "./manifest.ts";
import { UNFINISHED } from "./retention.ts";
import { snapshotStream } from "./snapshot-stream.ts";

/** Presence lives three seconds: a restored one would speak for processes that are gone. */
const NOT_KEPT = ["KV_workers"];

/**
 * Streams are taken one after another while the services work, so each must lag behind what it refers to: the table of
 * webhooks behind the accounts, what chats took behind the updates they took it from, everything sealed behind its keys.
 */
const FIRST = ["KV_webhooks", "CONVERSATIONS", "QUOTAS", "ACCOUNTS"];
const LAST = ["UPDATES", "KEYS"];

export interface BackupOptions {
  readonly natsUrl: string;
  /** Must not be there yet; appears only when the backup is whole. */
  readonly directory: string;
  readonly say: (line: string) => void;
  /** Asked to stop, it leaves nothing half done behind. */
  readonly stop?: AbortSignal | undefined;
}

/** `botfactory backup <directory>`: all streams, tables and wrapped keys, while the services go on. */
export async function backup({ natsUrl, directory, say, stop }: BackupOptions): Promise<Manifest> {
  if (await isThere(directory)) throw new Error(`${directory} is there already: name a new directory`);
  const unfinished = `${directory}${UNFINISHED}`;
  await mkdir(unfinished, { recursive: false });
  try {
    const manifest = await take(natsUrl, unfinished, { say, stop });
    await writeFile(join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await rename(unfinished, directory);
    // What is older may be removed now: so that no power cut takes this one back.
    for (const path of [directory, dirname(directory)]) await synced(path);
    say(`✓ backup in ${directory}; the key-encryption key is not in it: keep KEY_ENCRYPTION_KEY elsewhere`);
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // What breaks off because it was to stop says all kinds of things.
    stop?.throwIfAborted();
    throw error;
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function synced(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
}

type Course = Pick<BackupOptions, "say" | "stop">;

async function take(natsUrl: string, directory: string, { say, stop }: Course): Promise<Manifest> {
  const nats = await connectForCommand({ url: natsUrl, name: "backup" });
  // Whatever is under way breaks off then, and nothing new begins.
  const close = () => void nats.close();
  stop?.addEventListener("abort", close);
  try {
    stop?.throwIfAborted();
    return {
      madeAt: new Date().toISOString(),
      server: nats.info?.version ?? "",
      streams: await snapshots(nats, directory, say),
    };
  } finally {
    stop?.removeEventListener("abort", close);
    await nats.close();
  }
}

async function snapshots(nats: NatsConnection, directory: string, say: BackupOptions["say"]) {
  const taken: Manifest["streams"] = [];
  for (const name of inOrder(await streamNames(nats))) {
    const begun = performance.now();
    const stream = await snapshotStream(nats, name, join(directory, `${name}.tar.s2`));
    say(`✓ ${name}: ${stream.state.messages} messages, ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    taken.push(stream);
  }
  return taken;
}

export async function streamNames(nats: NatsConnection): Promise<readonly string[]> {
  const { streams } = await nats.jetstreamManager();
  const names: string[] = [];
  for await (const name of streams.names()) names.push(name);
  return names;
}

function inOrder(names: readonly string[]): readonly string[] {
  const kept = names.filter((name) => !NOT_KEPT.includes(name));
  const others = kept.filter((name) => !FIRST.includes(name) && !LAST.includes(name));
  return [...FIRST, ...others, ...LAST].filter((name) => kept.includes(name));
}
