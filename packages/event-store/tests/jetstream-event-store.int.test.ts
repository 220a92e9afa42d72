import { afterAll, beforeAll, describe } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { ensureStream, jetStreamEventStore } from "../src/index.ts";
import { specifyEventStore } from "./event-store-spec.ts";

describe("the event store on JetStream", () => {
  let nats: NatsConnection;
  beforeAll(async () => {
    nats = await connect({ servers: process.env["NATS_URL"] ?? "" });
  });
  afterAll(() => nats.close());

  specifyEventStore(async () => {
    const name = `S${Date.now()}`;
    await ensureStream(nats, { name, subjects: ["telegram-bots.*"], appendOnly: true });
    return jetStreamEventStore(nats, { stream: name });
  });
});
