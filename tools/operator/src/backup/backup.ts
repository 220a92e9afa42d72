import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
}

/** `botfactory backup <directory>`: all streams, tables and wrapped keys, while the services go on. */
export async function backup({ natsUrl, directory, say }: BackupOptions): Promise<Manifest> {
  if (await isThere(directory)) throw new Error(`${directory} is there already: name a new directory`);
  const unfinished = `${directory}${UNFINISHED}`;
  await mkdir(unfinished, { recursive: false });
  try {
    const manifest = await take(natsUrl, unfinished, say);
    await writeFile(join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(unfinished, directory);
    say(`✓ backup in ${directory}; the key-encryption key is not in it: keep KEY_ENCRYPTION_KEY elsewhere`);
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function take(natsUrl: string, directory: string, say: BackupOptions["say"]): Promise<Manifest> {
  const nats = await connectForCommand({ url: natsUrl, name: "backup" });
  try {
    return {
      madeAt: new Date().toISOString(),
      server: nats.info?.version ?? "",
      streams: await snapshots(nats, directory, say),
    };
  } finally {
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
