import { z } from "zod";

/** What one server says of itself; undefined: it did not answer. */
export type NatsSync = "synced" | "unsynced" | undefined;

/** A server as its monitoring port shows it. */
export interface NatsServer {
  readonly sync: "synced" | "unsynced";
  /** What its streams take on its disk, and how much they may; undefined where it stores nothing. */
  readonly store: { readonly bytes: number; readonly limitBytes: number } | undefined;
}

const ANSWER_WITHIN_MS = 2_000;

const jetStream = z.object({
  disabled: z.boolean().optional(),
  storage: z.number().optional(),
  config: z.object({ sync_always: z.boolean(), max_storage: z.number() }).partial().optional(),
});

/** Asks the server with this monitoring address about its JetStream; undefined: it did not answer. */
export async function natsServer(url: string): Promise<NatsServer | undefined> {
  try {
    const response = await fetch(new URL("/jsz", url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (!response.ok) return undefined;
    const { disabled, storage: bytes = 0, config } = jetStream.parse(await response.json());
    // A server without JetStream stores nothing.
    if (disabled === true) return { sync: "synced", store: undefined };
    const limitBytes = config?.max_storage ?? 0;
    return {
      sync: config?.sync_always === true ? "synced" : "unsynced",
      store: limitBytes > 0 ? { bytes, limitBytes } : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Asks the server with this monitoring address whether it syncs every write before it acknowledges. */
export async function natsSync(url: string): Promise<NatsSync> {
  return (await natsServer(url))?.sync;
}
