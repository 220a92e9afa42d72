import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const streamSchema = z.object({
  name: z.string(),
  /** As the server gave them: a restore hands both back. */
  config: z.looseObject({ name: z.string(), num_replicas: z.number() }),
  state: z.looseObject({ messages: z.number(), bytes: z.number(), last_seq: z.number() }),
  file: z.string(),
  sha256: z.string(),
});

const manifestSchema = z.object({ madeAt: z.iso.datetime(), server: z.string(), streams: z.array(streamSchema) });

/** One stream of a backup: its configuration and state, and the file with its messages and consumers. */
export type StreamBackup = z.output<typeof streamSchema>;

/** What a backup holds, in the order in which it was taken. */
export type Manifest = z.output<typeof manifestSchema>;

export const MANIFEST = "backup.json";

export async function readManifest(directory: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(join(directory, MANIFEST), "utf8")));
}

export const streamBackup = (given: unknown): StreamBackup => streamSchema.parse(given);
