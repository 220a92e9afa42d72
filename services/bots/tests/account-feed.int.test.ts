import { ensureStream, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { AccountOpenedSchema } from "@botfactory/proto/events/v1/account";
import { createLogger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { accountFeed } from "../src/account-feed.ts";
import { ACCOUNTS_STREAM, accountCodec } from "../src/accounts.ts";

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

/** Takes the reader's next message away: to the server it is delivered, to the reader it never comes. */
async function thief(stream: string): Promise<{ readonly theft: Promise<void>; hasIt(): boolean }> {
  const { consumers } = await nats.jetstreamManager();
  const [reader] = await consumers.list(stream).next();
  const consumer = await nats.jetstream().consumers.get(stream, reader?.name);
  const messages = await consumer.fetch({ max_messages: 1, expires: 30_000 });
  let hasIt = false;
  const take = async () => {
    for await (const _message of messages) hasIt = true;
  };
  return { theft: take(), hasIt: () => hasIt };
}

describe("the feed of accounts", () => {
  it("reads a fact again that got lost on the way, also when no other follows", async () => {
    const store = jetStreamEventStore(nats, { stream: ACCOUNTS_STREAM.name });
    const handedOut: string[] = [];
    const logger = createLogger("bots", "fatal");
    const feed = accountFeed({ nats, logger, onFact: ({ subject }) => void handedOut.push(subject) });
    const written: string[] = [];
    const write = async () => {
      const subject = `accounts.o${written.push("")}`;
      const opened = { case: "accountOpened", value: create(AccountOpenedSchema) } as const;
      await store.append([{ subject, expectedSequence: 0, events: [accountCodec.encode(opened)] }]);
      written[written.length - 1] = subject;
    };
    await write();
    await feed.catchUp();
    const { theft, hasIt } = await thief(ACCOUNTS_STREAM.name);
    // The server serves readers in turn.
    while (!hasIt()) {
      await write();
      await Promise.race([theft, feed.catchUp()]);
    }
    await feed.catchUp();
    expect(handedOut).toEqual(written);
    await feed.stop();
  }, 30_000);
});
