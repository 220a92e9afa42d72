import { setTimeout as pause } from "node:timers/promises";
import type { ClusteredNats, NatsCluster } from "@botfactory/infrastructure";
import { connect, type NatsConnection, type StreamInfo } from "nats";

export interface Kill {
  readonly server: string;
  /** The streams it led. */
  readonly led: readonly string[];
  /** From the kill until every stream has a leader again, ms. */
  readonly leaderlessMs: number;
}

const LOOK_EVERY_MS = 100;
const WITHIN_MS = 60_000;

/** Without the leader of this bucket no worker can say that it lives. */
const FIRST = "KV_workers";

/**
 * Kills one server after another by SIGKILL, each time another stream's leader, starts it again, and goes on when every
 * stream has all its copies up to date. One server is away at a time: two of three take the log away, which loses nothing
 * but shows nothing either.
 */
export async function killServers(cluster: NatsCluster, count: number): Promise<readonly Kill[]> {
  const nats = await connect({ servers: cluster.url.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const kills: Kill[] = [];
  try {
    for (let number = 0; number < count; number += 1) kills.push(await killOne(cluster, nats, number));
  } finally {
    await nats.close();
  }
  return kills;
}

async function killOne(cluster: NatsCluster, nats: NatsConnection, number: number): Promise<Kill> {
  const streams = (await everyStream(nats, ({ cluster: copies }) => !!copies?.leader)).sort(firstOf);
  const victim = leaderOf(streams[number % streams.length]);
  const server = cluster.servers.find(({ name }) => name === victim) ?? cluster.servers[number % 3];
  if (server === undefined) throw new Error("a cluster without servers");
  const led = streams.filter((stream) => leaderOf(stream) === server.name).map(({ config }) => config.name);
  const begun = performance.now();
  server.kill();
  await everyStream(nats, (stream) => ![undefined, "", server.name].includes(leaderOf(stream)));
  const leaderlessMs = Math.round(performance.now() - begun);
  await pause(500 * Math.random());
  await comesBack(server, nats);
  return { server: server.name, led, leaderlessMs };
}

async function comesBack(server: ClusteredNats, nats: NatsConnection): Promise<void> {
  await server.restart();
  await everyStream(nats, ({ cluster }) =>
    (cluster?.replicas ?? []).every(({ current, offline }) => current && !offline),
  );
}

const firstOf = (one: StreamInfo, other: StreamInfo) =>
  Number(other.config.name === FIRST) - Number(one.config.name === FIRST);
const leaderOf = (stream: StreamInfo | undefined) => stream?.cluster?.leader;

/** All streams, as soon as the condition holds for each of them. */
async function everyStream(nats: NatsConnection, holds: (stream: StreamInfo) => boolean): Promise<StreamInfo[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const streams = await listed(nats).catch(() => []);
    if (streams.length > 0 && streams.every(holds)) return streams;
    if (Date.now() > deadline) throw new Error("the cluster did not recover within a minute");
    await pause(LOOK_EVERY_MS);
  }
}

async function listed(nats: NatsConnection): Promise<StreamInfo[]> {
  const { streams } = await nats.jetstreamManager({ timeout: 1_000, checkAPI: false });
  const all: StreamInfo[] = [];
  for (const name of await streams.names().next()) all.push(await streams.info(name));
  return all;
}
