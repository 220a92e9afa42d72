import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { as, newBot, refusalOf, request, type Stage, type StartedBots, stage } from "./stage.ts";

let dataDirectory: string;
let scene: Stage;
let bots: StartedBots;
/** What must be nowhere: tokens that were used, tokens that were refused, webhook secrets. */
const canaries: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "bots-"));
  scene = await stage({ dataDirectory });
  bots = await scene.start();
  await useEverything();
});
afterAll(async () => {
  await scene.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function keep(call: Promise<unknown>): Promise<void> {
  const outcome = await call.catch((error: unknown) => error);
  answers.push(
    JSON.stringify(outcome, (_, value) => (typeof value === "bigint" ? value.toString() : value)),
    String(outcome instanceof Error ? outcome.stack : outcome),
  );
}

/** Every path a token or a secret takes, the failing ones above all. */
async function useEverything(): Promise<void> {
  const { telegram } = scene;
  const { client, conversation } = bots;
  const { botId, telegramBotId, token } = await newBot(scene, client, "ada");
  const remember = async () => canaries.push((await telegram.bot(telegramBotId).webhook()).secretToken);
  const unknown = `123456789:${"Q".repeat(35)}`;
  const malformed = `${token}!`;
  canaries.push(token, unknown, malformed);

  await keep(client.createBot(request(unknown), as("bob")));
  await keep(client.createBot(request(malformed), as("bob")));
  await keep(client.createBot(request(token), as("bob")));
  await keep(client.updateBot({ botId, telegramToken: unknown }, as("ada")));
  await keep(client.setWebhook({ botId, baseUrl: "http://127.0.0.1:1" }, as("ada")));
  await remember();
  for (const kind of ["reset-before", "reset-after", "internal", "error"] as const) {
    await telegram.fault({ kind, botId: telegramBotId });
    await keep(client.setWebhook({ botId, baseUrl: "http://127.0.0.1:1" }, as("ada")));
    await remember();
    await telegram.fault({ kind, botId: telegramBotId });
    await keep(client.getWebhookStatus({ botId }, as("ada")));
  }
  await keep(client.getBot({ botId }, as("ada")));
  await keep(client.listBots({}, as("ada")));
  await keep(client.updateBot({ botId, name: "Grace" }, as("ada")));
  const rotated = await telegram.bot(telegramBotId).rotate();
  canaries.push(rotated);
  await keep(client.updateBot({ botId, telegramToken: rotated }, as("ada")));
  await remember();
  await telegram.bot(telegramBotId).revoke();
  await conversation.reportTokenRevoked({ botId });
  await keep(client.getWebhookStatus({ botId }, as("ada")));
  const second = await newBot(scene, client, "carol");
  canaries.push(second.token);
  await keep(client.deleteBot({ botId: second.botId }, as("carol")));
  const { revision } = await client.updateBot({ botId, description: "Answers customers well" }, as("ada"));
  await client.getBot({ botId, atLeastRevision: revision }, as("ada"));
}

const hits = (text: string) => canaries.filter((canary) => canary !== "" && text.includes(canary));

async function bytesOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
  return texts.join("");
}

describe("tokens and webhook secrets", () => {
  it("were really used here", async () => {
    expect(canaries.length).toBeGreaterThan(8);
    const { token } = await scene.telegram.createBot();
    expect((await refusalOf(bots.client.createBot(request(token), as("ada")))).code).toBe("plan_limit_reached");
  });

  it("are not in the files of the log, its keys and its tables", async () => {
    const bytes = await bytesOf(dataDirectory);
    expect(bytes).toContain("Answers customers");
    expect(hits(bytes)).toEqual([]);
  });

  it("are not in the database", async () => {
    const database = scene.database();
    const collections = await database.listCollections().toArray();
    const dump = await Promise.all(collections.map(({ name }) => database.collection(name).find().toArray()));
    expect(JSON.stringify(dump)).toContain("Answers customers well");
    expect(hits(JSON.stringify(dump))).toEqual([]);
  });

  it("are not in the logs, at their chattiest", () => {
    expect(scene.log()).toContain("a call was refused");
    expect(hits(scene.log())).toEqual([]);
  });

  it("are not in any answer or error an owner gets", () => {
    expect(answers.join("")).toContain("Grace");
    expect(hits(answers.join(""))).toEqual([]);
  });
});
