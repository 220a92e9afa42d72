import { readFile } from "node:fs/promises";
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  Events,
  type NatsConnection,
  nkeyAuthenticator,
} from "nats";
import type { Logger } from "./logger.ts";
import { isNatsUrl, NOT_A_NATS_URL } from "./nats-url.ts";

/** Where NATS is and who asks. */
export interface NatsOptions {
  /** `NATS_URL`: one or more comma-separated URLs; credentials in the first one hold for all. */
  readonly url: string;
  /** Name of the connection, as operators see it: the service's. */
  readonly name: string;
  /** Name of the NATS user, when it is not the connection's: answers come to its own inboxes, `_INBOX_<user>.>`. */
  readonly user?: string;
  readonly logger?: Logger;
  /** Whether to wait for a server that is not there yet; default true. */
  readonly waitOnFirstConnect?: boolean;
}

/** Connects and reconnects for ever (the client's own limit of 10 tries would end a service 20 s into an outage). */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const connection = await connect({
    ...(await connectionOptions(options.url)),
    name: options.name,
    // Or a user who may hear its own answers could hear those of all.
    inboxPrefix: `_INBOX_${options.user ?? options.name}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: options.waitOnFirstConnect ?? true,
    // Where NATS gives up waiting for credentials, after 2 s (as when this process stood still meanwhile), the client does
    // not notice: it tries again when this is over, by default 20 s.
    timeout: 5_000,
    // A half-open connection is noticed after two lost pings, so within 15 s.
    pingInterval: 5_000,
    maxPingOut: 2,
    // Or the client makes an Error with a stack for every request, also for those that succeed.
    noAsyncTraces: true,
  });
  if (options.logger !== undefined) void reportStatus(connection, options.logger);
  return connection;
}

/** Reads a `NATS_URL` into the client's options: servers, TLS, and user:password@, token@, ?creds=<file> or ?nkey=<file with the seed>. */
export async function connectionOptions(url: string): Promise<ConnectionOptions> {
  // Commands take an address that no schema has seen.
  const urls = isNatsUrl(url) ? url.split(",").map((part) => new URL(part.trim())) : [];
  const [first] = urls;
  if (first === undefined) throw new Error(`NATS_URL ${NOT_A_NATS_URL}`);
  return {
    servers: urls.map(({ host }) => host),
    ...(first.protocol === "tls:" ? { tls: {} } : {}),
    ...(await credentials(first)),
  };
}

async function credentials({ username, password, searchParams }: URL): Promise<ConnectionOptions> {
  const [creds, nkey] = [searchParams.get("creds"), searchParams.get("nkey")];
  if (creds !== null) return { authenticator: credsAuthenticator(await readFile(creds)) };
  if (nkey !== null) return { authenticator: nkeyAuthenticator(await seedIn(nkey)) };
  if (username === "") return {};
  const user = decodeURIComponent(username);
  return password === "" ? { token: user } : { user, pass: decodeURIComponent(password) };
}

async function seedIn(file: string): Promise<Uint8Array> {
  return Buffer.from((await readFile(file, "utf8")).trim());
}

async function reportStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const { type, data } of connection.status()) {
    if (type === Events.Disconnect) logger.warn({ server: data }, "NATS connection lost");
    if (type === Events.Reconnect) logger.info({ server: data }, "NATS connection is back");
    if (type === Events.Error) logger.error({ problem: data }, "NATS reported an error");
  }
}
