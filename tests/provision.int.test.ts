import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { provisionAll } from "../tools/cli/src/provision-all.ts";
import { REPOSITORY } from "./setup/repository.ts";

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

/** What the Job of the chart runs. */
function provision(): Promise<void> {
  return provisionAll(REPOSITORY, { ...process.env, NATS_URL: server.url, NATS_SYNC: "stated", LOG_LEVEL: "warn" });
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
    await provision();
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
    await provision();
    expect(await declared()).toEqual(first);
  },
  MINUTE,
);
