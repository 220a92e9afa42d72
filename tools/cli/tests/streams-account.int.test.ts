import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureStream, streamInfo } from "@botfactory/event-store";
import { freshNats, natsAccounts, newNatsKeys } from "@botfactory/infrastructure";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { moveStreamsToAccount } from "../src/streams-account.ts";

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "streams-account-"));
});
afterEach(() => rm(dataDirectory, { recursive: true }));

async function withNats<Result>(accounts: string | undefined, use: (nats: NatsConnection) => Promise<Result>) {
  const server = await freshNats({ dataDirectory, ...(accounts && { accounts }) });
  const nats = await connect({ servers: server.url });
  const result = await use(nats);
  await nats.close();
  await server.stop();
  return result;
}

const inAccounts = () => natsAccounts(newNatsKeys(), { openTo: "operator" });

it("a local log from before there were accounts is there afterwards, and stays", async () => {
  await withNats(undefined, async (nats) => {
    await ensureStream(nats, { name: "QUOTAS", subjects: ["quotas.>"] });
    await nats.jetstream().publish("quotas.a.b", "an event");
  });
  const said: string[] = [];
  await moveStreamsToAccount(dataDirectory, (line) => said.push(line));
  await withNats(inAccounts(), (nats) => nats.jetstream().publish("quotas.a.b", "another"));
  await moveStreamsToAccount(dataDirectory, (line) => said.push(line));
  const info = await withNats(inAccounts(), (nats) => streamInfo(nats, "QUOTAS"));
  expect(info?.state.messages).toBe(2);
  expect(said).toHaveLength(1);
});
