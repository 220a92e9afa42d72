import { ensureStream, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { AccountOpenedSchema } from "@botfactory/proto/events/v1/account";
import { createLogger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { accountFeed } from "../src/account-feed.ts";
import { ACCOUNTS_STREAM, accountCodec } from "../src/accounts.ts";
import { until } from "./stage.ts";

let server: StartedNats;
let nats: NatsConnection;
beforeAll(async () => {
  server = await freshNats();
  nats = await connect({ servers: server.url });
  await ensureStream(nats, ACCOUNTS_STREAM);
});
afterAll(async () => {
  await nats.close();
  await server.stop();
});

describe("the feed of accounts", () => {
  it("hands out every fact once and in order: what was there, what comes, and what comes after a reconnect", async () => {
    const store = jetStreamEventStore(nats, { stream: ACCOUNTS_STREAM.name });
    const written: string[] = [];
    const write = async () => {
      const subject = `accounts.o${written.length}`;
      const opened = { case: "accountOpened", value: create(AccountOpenedSchema) } as const;
      await store.append([{ subject, expectedSequence: 0, events: [accountCodec.encode(opened)] }]);
      written.push(subject);
    };
    await write();
    const handedOut: string[] = [];
    const logger = createLogger("bots", "fatal");
    const feed = accountFeed({ nats, logger, onFact: ({ subject }) => void handedOut.push(subject) });
    await feed.catchUp();
    await write();
    await feed.catchUp();
    await nats.reconnect();
    await write();
    await feed.catchUp();
    expect(handedOut).toEqual(written);
    // It asks whether there is more before it says so.
    await until(async () => feed.isCaughtUp());
    await feed.stop();
  }, 30_000);
});
