import { afterAll, beforeAll, describe } from "@jest/globals";
import type { NatsConnection } from "nats";
import { ensureStream, jetStreamEventStore } from "../src/index.ts";
import { specifyCommandHandler } from "./command-handler-spec.ts";
import { specifyEventStore } from "./event-store-spec.ts";
import { ownNats } from "./own-nats.ts";

describe("the event store on JetStream", () => {
  let nats: NatsConnection;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ nats, stop } = await ownNats());
  });
  afterAll(() => stop());

  const open = async () => {
    await ensureStream(nats, { name: "ACCOUNTS", subjects: ["telegram-bots.*"], appendOnly: true });
    return jetStreamEventStore(nats, { stream: "ACCOUNTS" });
  };
  specifyEventStore(open);
  specifyCommandHandler(open, 50);
});
