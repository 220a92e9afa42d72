import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect } from "nats";
import { natsServer } from "../src/nats-server.ts";

let server: StartedNats;
beforeAll(async () => {
  server = await freshNats();
});
afterAll(() => server.stop());

const look = () => natsServer(server.monitoring ?? "");

it("a server says that it syncs, what its streams take and how much they may", async () => {
  const nats = await connect({ servers: server.url });
  const { streams } = await nats.jetstreamManager();
  await streams.add({ name: "FILLED", subjects: ["filled"] });
  const empty = await look();
  await nats.jetstream().publish("filled", new Uint8Array(100_000));
  const filled = await look();
  expect(empty).toMatchObject({ sync: "synced", store: { bytes: 0 } });
  expect(filled?.store?.bytes).toBeGreaterThan(100_000);
  expect(filled?.store?.limitBytes).toBeGreaterThan(filled?.store?.bytes ?? 0);
  await nats.close();
});

it("a server that does not answer says nothing", async () => {
  expect(await natsServer("http://127.0.0.1:1")).toBeUndefined();
});
