import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureStream, eventCodec, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, natsAccounts, newNatsKeys, type StartedNats } from "@botfactory/infrastructure";
import { AccountEventSchema, AccountOpenedSchema, Plan } from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect } from "nats";
import { tcpProxy } from "../../../tests/chaos/tcp-proxy.ts";
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

/** A log with three thousand messages, which is some pages. */
async function longLog(): Promise<StartedNats> {
  const working = await freshNats({ sync: "2m" });
  const nats = await connect({ servers: working.url });
  await ensureStream(nats, { name: "QUOTAS", subjects: ["quotas.*.*"] });
  await Promise.all(Array.from({ length: 3_000 }, () => nats.jetstream().publish("quotas.p.m")));
  await nats.close();
  return working;
}

it("ends without a word when whoever reads its lines has enough", async () => {
  const working = await longLog();
  const program = new URL("../bundle/main.js", import.meta.url).pathname;
  const script = `"${process.execPath}" "${program}" events | head -n 1; echo "ended with \${PIPESTATUS[0]}"`;
  const env = { ...process.env, NATS_URL: working.url, NODE_OPTIONS: "" };
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", script], { env });
  expect([stdout.trim().split("\n").at(-1), stderr]).toEqual(["ended with 141", ""]);
  await working.stop();
}, 60_000);

it("fails when the log goes away before the end, however much it has printed", async () => {
  const working = await longLog();
  const way = await tcpProxy(Number(new URL(working.url).port));
  let printed = 0;
  const say = () => {
    printed += 1;
    if (printed === 500) way.cut(120_000);
  };
  try {
    const all = printEvents(`nats://127.0.0.1:${way.port}`, say);
    await expect(all).rejects.toThrow(/only \d+ of 3000 messages of QUOTAS can be read/);
  } finally {
    await way.close();
    await working.stop();
  }
}, 120_000);
