import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { REPOSITORY } from "./bench/harness/repository.ts";

const KEEPERS = ["ingress", "bots", "ai", "conversation"];
const MINUTE = 60_000;

let server: StartedNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await freshNats();
  nats = await connect({ servers: server.url });
}, MINUTE);
afterAll(async () => {
  await nats?.close();
  await server?.stop();
});

/** What the Job of the chart runs: each service's own declaration, side by side. */
async function provisionAll(): Promise<void> {
  const env = { ...process.env, NATS_URL: server.url, NATS_SYNC: "stated", LOG_LEVEL: "warn" };
  await Promise.all(
    KEEPERS.map((service) =>
      promisify(execFile)(process.execPath, [`services/${service}/bundle/provision.js`], { cwd: REPOSITORY, env }),
    ),
  );
}

async function declared() {
  const manager = await nats.jetstreamManager();
  const streams = await manager.streams.list().next();
  const consumers = await manager.consumers.list("UPDATES").next();
  return {
    streams: streams.map(({ config }) => config).sort((a, b) => a.name.localeCompare(b.name)),
    consumers: consumers.map(({ config }) => config),
  };
}

it(
  "what services keep in NATS is declared before them, all at once, and again without a change",
  async () => {
    await provisionAll();
    const first = await declared();
    expect(first.streams.map(({ name }) => name)).toEqual([
      "ACCOUNTS",
      "CONVERSATIONS",
      "KEYS",
      "KV_webhooks",
      "KV_workers",
      "QUARANTINE",
      "QUOTAS",
      "UPDATES",
    ]);
    expect(first.consumers.map(({ durable_name }) => durable_name)).toEqual(["conversation"]);
    await provisionAll();
    expect(await declared()).toEqual(first);
  },
  MINUTE,
);
