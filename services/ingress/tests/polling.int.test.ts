import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Started, startTelegramSimulator } from "@botfactory/infrastructure";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { authenticator, type Handlers, type RpcServer, serve } from "@botfactory/rpc";
import { createLogger } from "@botfactory/service-kit";
import { type SimulatorClient, simulatorClient } from "@botfactory/simulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { messagesOf, type Stage, stage, until } from "./stage.ts";

const key = randomBytes(32).toString("base64");
const polled = { mode: DeliveryMode.POLLING };

let dataDirectory: string;
let telegram: Started;
let people: SimulatorClient;
let bots: RpcServer;
let scene: Stage;
const tokens = new Map<string, string>();

/** The bots service as far as ingress asks it. */
function botsWithTokens(): Promise<RpcServer> {
  const refuse = async () => {
    throw new Error("ingress has no business here");
  };
  const methods = Object.fromEntries(BotsService.methods.map(({ localName }) => [localName, refuse]));
  const access = Object.fromEntries(BotsService.methods.map(({ localName }) => [localName, ["ingress"]]));
  return serve({
    service: BotsService,
    methods: {
      ...methods,
      getPollingToken: async ({ botId }: { botId: string }) => ({ telegramToken: tokens.get(botId) ?? "" }),
    } as unknown as Handlers<typeof BotsService>,
    access: access as unknown as Parameters<typeof serve<typeof BotsService>>[0]["access"],
    authenticate: authenticator({ serviceAuthKey: key }),
    logger: createLogger("bots", "silent"),
    port: 0,
  });
}

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "ingress-"));
  telegram = await startTelegramSimulator();
  people = simulatorClient(telegram.url);
  bots = await botsWithTokens();
  scene = await stage({ dataDirectory });
  await scene.start({
    TELEGRAM_UPDATES: "polling",
    TELEGRAM_API_ROOT: telegram.url,
    BOTS_URL: `127.0.0.1:${bots.port}`,
    SERVICE_AUTH_KEY: key,
  });
});
afterAll(async () => {
  await scene.close();
  await bots.drain();
  await telegram.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function newBot(botId: string) {
  const bot = await people.createBot();
  tokens.set(botId, bot.token);
  return bot.id;
}

async function textsOf(botId: string): Promise<string[]> {
  const stored = await messagesOf(scene.nats, "UPDATES", `updates.${botId}.`);
  return stored.map(({ data }) => JSON.parse(Buffer.from(data).toString()).message.text);
}

const confirmed = (id: number) => until(async () => (await people.bot(id).get()).pendingUpdates === 0);

describe("a bot set to polling", () => {
  it("has its messages in the log in their order, those from before included, and each confirmed to Telegram", async () => {
    const id = await newBot("ada");
    for (const text of ["one", "two"]) await people.user(5).send(id, text);
    await scene.register("ada", polled);
    await until(async () => (await textsOf("ada")).length === 2);
    await people.user(5).send(id, "three");
    await confirmed(id);
    expect(await textsOf("ada")).toEqual(["one", "two", "three"]);
  });

  it("whose token was refused goes on as soon as it is registered with a new one", async () => {
    const id = await newBot("bob");
    await people.bot(id).revoke();
    await scene.register("bob", polled);
    await people.user(5).send(id, "waiting");
    await people.waitForLedger({ kind: "call", botId: id, method: "getUpdates" }).catch(() => undefined);
    tokens.set("bob", await people.bot(id).rotate());
    await scene.register("bob", { ...polled, revision: 2n });
    await confirmed(id);
    expect(await textsOf("bob")).toEqual(["waiting"]);
  });

  it("that has a webhook at Telegram is polled once that is gone", async () => {
    const id = await newBot("eva");
    const call = (method: string) => fetch(`${telegram.url}/bot${tokens.get("eva")}/${method}`);
    await call("setWebhook?url=http://127.0.0.1:9/nobody");
    await scene.register("eva", polled);
    await people.user(5).send(id, "patience");
    await call("deleteWebhook");
    await confirmed(id);
    expect(await textsOf("eva")).toEqual(["patience"]);
  });

  it("is left alone once it is no longer registered so", async () => {
    const id = await newBot("ivo");
    await scene.register("ivo", polled);
    await people.user(5).send(id, "first");
    await confirmed(id);
    await scene.register("ivo", { state: WebhookState.REMOVED, revision: 2n });
    const other = await newBot("kim");
    await people.user(5).send(other, "registered later, polled: the removal was seen, too");
    await scene.register("kim", polled);
    await confirmed(other);
    await people.user(5).send(id, "second");
    await people.user(5).send(other, "elsewhere");
    await confirmed(other);
    expect(await textsOf("ivo")).toEqual(["first"]);
    expect((await people.bot(id).get()).pendingUpdates).toBe(1);
  });

  it("loses nothing while the log is away: Telegram keeps what was not stored", async () => {
    const id = await newBot("pia");
    await scene.register("pia", polled);
    await people.user(5).send(id, "before");
    await confirmed(id);
    await scene.stopServer();
    await people.user(5).send(id, "meanwhile");
    await scene.returnServer();
    await confirmed(id);
    expect(await textsOf("pia")).toEqual(["before", "meanwhile"]);
  });
});
