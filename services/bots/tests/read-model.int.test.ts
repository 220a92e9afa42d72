import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { createLogger } from "@botfactory/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { rebuildReadModels } from "../src/rebuild.ts";
import { doorTo } from "./door.ts";
import { as, newBot, putOn, refusalOf, type Stage, type StartedBots, stage, until } from "./stage.ts";

let scene: Stage;
let bots: StartedBots;
let botId: string;
let revision: bigint;

beforeAll(async () => {
  scene = await stage();
  bots = await scene.start();
  await scene.start();
  await live();
});
afterAll(() => scene.close());

/** A little of everything, so that each kind of fact is in the documents. */
async function live(): Promise<void> {
  await putOn(bots.client, "ada", Plan.STARTER);
  const made = await newBot(scene, bots.client, "ada");
  ({ botId } = made);
  const other = await newBot(scene, bots.client, "ada");
  const third = await newBot(scene, bots.client, "ada");
  await bots.client.updateBot({ botId, name: "Grace", systemPrompt: "Be kind.", language: Language.RU }, as("ada"));
  await bots.client.setWebhook({ botId, baseUrl: "http://127.0.0.1:1" }, as("ada"));
  await bots.client.setWebhook({ botId: other.botId, baseUrl: "http://127.0.0.1:1" }, as("ada"));
  await bots.client.deleteWebhook({ botId: other.botId }, as("ada"));
  await bots.client.deleteBot({ botId: third.botId }, as("ada"));
  await newBot(scene, bots.client, "bob");
  ({ revision } = await putOn(bots.client, "ada", Plan.FREE));
  await bots.client.getBot({ botId, atLeastRevision: revision }, as("ada"));
}

async function documents() {
  const read = (name: string) => scene.database().collection(name).find().sort({ _id: 1 }).toArray();
  return { bots: await read("bots"), accounts: await read("accounts") };
}

describe("the documents", () => {
  it("are the bots and accounts of the log", async () => {
    const found = await documents();
    expect(found.bots.map(({ name, ownerId }) => `${ownerId}: ${name}`).sort()).toEqual([
      "ada: Ada",
      "ada: Grace",
      "bob: Ada",
    ]);
    expect(found).toMatchObject({
      accounts: [
        { _id: "ada", plan: Plan.FREE, bots: 2 },
        { _id: "bob", plan: Plan.FREE, bots: 1 },
      ],
    });
  });

  it("come back equal when they are rebuilt by another process while the service runs", async () => {
    const before = await documents();
    await scene.database().collection("bots").deleteMany({});
    await rebuildReadModels({
      nats: scene.nats,
      mongodbUrl: scene.mongodbUrl,
      logger: createLogger("rebuild", "silent"),
    });
    expect(await documents()).toEqual(before);
    const { bot } = await bots.client.getBot({ botId, atLeastRevision: revision }, as("ada"));
    expect(bot?.name).toBe("Grace");
  });

  it("come back equal after all collections were dropped while the service runs", async () => {
    const before = await documents();
    const database = scene.database();
    for (const { name } of await database.listCollections().toArray()) await database.dropCollection(name);
    await until(async () => JSON.stringify(await documents()) === JSON.stringify(before));
    expect(await documents()).toEqual(before);
  });

  it("follow what happens after that", async () => {
    const change = await bots.client.updateBot({ botId, name: "Edsger" }, as("ada"));
    const { bot } = await bots.client.getBot({ botId, atLeastRevision: change.revision }, as("ada"));
    expect(bot?.name).toBe("Edsger");
  });
});

describe("while MongoDB is away", () => {
  it("bots answer, are made and changed; only looking them up waits", async () => {
    const alone = await scene.start({ MONGODB_URL: "mongodb://127.0.0.1:1/nowhere" });
    expect((await alone.conversation.getBotForReply({ botId })).systemPrompt).toBe("Be kind.");
    const made = await newBot(scene, alone.client, "carol");
    await alone.client.updateBot({ botId: made.botId, name: "Barbara" }, as("carol"));
    expect(await alone.client.getAccount({}, as("carol"))).toMatchObject({ bots: 1 });
    const lookedUp = refusalOf(alone.client.getBot({ botId: made.botId }, as("carol")));
    expect(await lookedUp).toMatchObject({ kind: "unavailable", code: "unavailable" });
    expect((await bots.conversation.getBotForReply({ botId: made.botId })).name).toBe("Barbara");
  });

  it("goes on by itself when MongoDB comes, goes and comes back", async () => {
    const url = new URL(scene.mongodbUrl);
    const door = await doorTo({ host: url.hostname, port: Number(url.port) });
    url.port = String(door.port);
    url.searchParams.set("directConnection", "true");
    const late = await scene.start({ MONGODB_URL: url.href });
    const found = async () => {
      const { bot } = await late.client.getBot({ botId }, as("ada"));
      return bot?.id === botId;
    };
    expect((await refusalOf(found())).code).toBe("unavailable");
    door.open();
    await until(found);
    door.shut();
    expect((await refusalOf(found())).code).toBe("unavailable");
    door.open();
    await until(found);
    door.close();
  });
});
