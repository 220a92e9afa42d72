import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import type { Logger } from "./logger.ts";
import { showNatsServers } from "./nats-metrics.ts";
import { type NatsServer, natsServer, natsSync } from "./nats-server.ts";

/** The part of a service's configuration that says how it knows that NATS syncs every write. */
export interface NatsSyncConfig {
  readonly NATS_SYNC: "verified" | "stated" | "unsynced";
  readonly NATS_MONITORING_URL?: readonly string[] | undefined;
}

/** A server acknowledges before its disk has the message: a power cut loses what was promised. */
export class UnsyncedNats extends Error {
  override readonly name = "UnsyncedNats";
}

const ASK_AGAIN_MS = 1_000;
const LOOK_AGAIN_MS = 60_000;

/** To be added to a service's schema, since `verified` has to know where to ask. */
export function demandMonitoring(config: NatsSyncConfig, context: z.core.$RefinementCtx): void {
  if (config.NATS_SYNC !== "verified" || config.NATS_MONITORING_URL !== undefined) return;
  const message =
    "is needed to see that NATS syncs every write; where its monitoring port is closed, say NATS_SYNC=stated (it does) or unsynced (it need not)";
  context.addIssue({ code: "custom", path: ["NATS_MONITORING_URL"], message });
}

/**
 * Resolves once it is known that NATS keeps what it acknowledged through a power cut (`sync_interval: always`): every
 * server that answers on its monitoring port says so, and one at least answers. Throws `UnsyncedNats` when one does not
 * sync. A client's own connection cannot tell: only the system account and the monitoring port show the setting. Looks
 * again every minute, since a server may come back with another configuration and its store fills; metrics and the log
 * then say so, and work goes on.
 */
export async function requireSyncedNats(config: NatsSyncConfig, logger: Logger): Promise<void> {
  const { NATS_SYNC: promise, NATS_MONITORING_URL: urls = [] } = config;
  if (promise === "unsynced") warnLoudly(logger);
  if (promise === "verified") await untilVerified(urls, logger);
  observe(promise, urls, logger);
}

async function untilVerified(urls: readonly string[], logger: Logger): Promise<void> {
  for (let told = false; ; told = true) {
    const answers = await Promise.all(urls.map(async (url) => [url, await natsSync(url)] as const));
    const unsynced = answers.filter(([, answer]) => answer === "unsynced").map(([url]) => url);
    if (unsynced.length > 0) throw new UnsyncedNats(refusal(unsynced));
    if (answers.some(([, answer]) => answer === "synced")) return;
    if (!told) logger.warn({ urls }, "no NATS server answers on its monitoring port yet");
    await pause(ASK_AGAIN_MS);
  }
}

function observe(promise: NatsSyncConfig["NATS_SYNC"], urls: readonly string[], logger: Logger): void {
  const seen = new Map<string, NatsServer>();
  const look = async (url: string) => {
    const server = await natsServer(url);
    if (server?.sync === "unsynced" && promise === "verified") logger.error({ url }, refusal([url]));
    if (server === undefined) seen.delete(url);
    else seen.set(url, server);
  };
  const lookAtAll = () => void Promise.all(urls.map(look));
  lookAtAll();
  setInterval(lookAtAll, LOOK_AGAIN_MS).unref();
  showNatsServers(seen, urls.length === 0 ? promise : undefined);
}

function warnLoudly(logger: Logger): void {
  logger.warn(
    { NATS_SYNC: "unsynced" },
    "NATS NEED NOT SYNC ITS WRITES: a power cut may lose messages that were acknowledged to Telegram. Set jetstream { sync_interval: always } and NATS_SYNC=verified.",
  );
}

function refusal(urls: readonly string[]): string {
  return `NATS does not sync every write (${urls.join(", ")}): a power cut would lose acknowledged messages. Set jetstream { sync_interval: always }, or accept it by NATS_SYNC=unsynced.`;
}
