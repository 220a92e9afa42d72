import { readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "../../../tests/chaos/seeded.ts";

/** How the server was stopped whose store a fault is done to; "old" is a backup of earlier. */
export type StoreState = "clean" | "killed" | "old";

/** Does something to the files of a stopped server's store that no server does. */
export interface Fault {
  readonly name: string;
  readonly store: StoreState;
  apply(store: string, random: Random): Promise<void>;
}

const BLOCK = /\.blk$/;
const INDEX = /^index\.db$/;

async function filesOf(store: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(store, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && name.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

async function onBytes(file: string, change: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(file);
  change(bytes);
  await writeFile(file, bytes);
}

const flipIn = (name: RegExp) => async (store: string, random: Random) =>
  onBytes(random.one(await filesOf(store, name)), (bytes) => {
    const at = random.whole(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.whole(8));
  });

async function cutTail(store: string, random: Random): Promise<void> {
  const file = random.one(await filesOf(store, BLOCK));
  const { size } = await stat(file);
  await truncate(file, Math.max(0, size - 1 - random.whole(5_000)));
}

async function zero(store: string, random: Random): Promise<void> {
  await onBytes(random.one(await filesOf(store, BLOCK)), (bytes) => {
    const from = random.whole(bytes.length);
    bytes.fill(0, from, Math.min(bytes.length, from + 4_096));
  });
}

async function remove(store: string, name: RegExp, random: Random): Promise<void> {
  await rm(random.one(await filesOf(store, name)));
}

export const FAULTS: readonly Fault[] = [
  { name: "a flipped bit in a block", store: "clean", apply: flipIn(BLOCK) },
  { name: "a flipped bit in a block", store: "killed", apply: flipIn(BLOCK) },
  { name: "bytes cut off a block", store: "clean", apply: cutTail },
  { name: "bytes cut off a block", store: "killed", apply: cutTail },
  { name: "4 KiB of zeros in a block", store: "clean", apply: zero },
  { name: "4 KiB of zeros in a block", store: "killed", apply: zero },
  { name: "a block that is gone", store: "clean", apply: (store, random) => remove(store, BLOCK, random) },
  { name: "a block that is gone", store: "killed", apply: (store, random) => remove(store, BLOCK, random) },
  { name: "a flipped bit in the index", store: "clean", apply: flipIn(INDEX) },
  { name: "an index that is gone", store: "clean", apply: (store, random) => remove(store, INDEX, random) },
  { name: "an old copy put back", store: "old", apply: async () => undefined },
  {
    name: "an old copy with a flipped bit",
    store: "old",
    apply: flipIn(BLOCK),
  },
];
