import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureStream, eventCodec, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, natsAccounts, newNatsKeys, type StartedNats } from "@botfactory/infrastructure";
import { AccountEventSchema, AccountOpenedSchema, Plan } from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connectAs } from "../../../tests/setup/nats-user.ts";
import { printEvents } from "../src/events.ts";
import { writeSeeds } from "../src/nats-keys.ts";

let directory: string;
let server: StartedNats;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-events-"));
  const keys = newNatsKeys();
  server = await freshNats({ accounts: natsAccounts(keys) });
  await writeSeeds(directory, keys);
  const [provisioner, bots] = await Promise.all([
    connectAs(server.url, "provision", keys.provision.seed),
    connectAs(server.url, "bots", keys.bots.seed),
  ]);
  await ensureStream(provisioner, { name: "ACCOUNTS", subjects: ["accounts.*"], announced: true });
  const value = create(AccountOpenedSchema, { plan: Plan.FREE });
  const events = [eventCodec(AccountEventSchema, "tests").encode({ case: "accountOpened", value })];
  await jetStreamEventStore(bots, { stream: "ACCOUNTS" }).append([
    { subject: "accounts.o1", expectedSequence: 0, events },
  ]);
  await Promise.all([provisioner.close(), bots.close()]);
});
afterAll(async () => {
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

it("the auditor prints every event as a line of JSON, also where streams are missing", async () => {
  const lines: string[] = [];
  await printEvents(`${server.url}?nkey=${join(directory, "auditor.nk")}`, (line) => lines.push(line));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { sequence: 1, subject: "accounts.o1", data: { accountOpened: { plan: "PLAN_FREE" } } },
  ]);
});
