import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { Language } from "@botfactory/proto/events/v1/account";
import { TurnSource, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { declareStreams as declareUpdates } from "../../ingress/src/streams.ts";
import { chatLog } from "../src/chat-log.ts";
import { conversationSubject } from "../src/chat-place.ts";
import { settleRestored } from "../src/settle-restored.ts";
import { declareStreams } from "../src/streams.ts";

let server: StartedNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await freshNats();
  nats = await connect({ servers: server.url });
  await declareUpdates(nats);
  await declareStreams(nats);
});
afterAll(async () => {
  await nats.close();
  await server.stop();
});

describe("a restored log", () => {
  it("is settled also when an owner was trying the bot out: such a turn answers no update of Telegram", async () => {
    const [chats, subject] = [chatLog(nats), conversationSubject({ botId: "ada", chatKey: "test" })];
    await chats.handle(subject, {
      type: "StartTurn",
      turnId: "turn",
      workerId: "worker",
      updates: [create(TurnUpdateSchema, { updateId: "test-1" })],
      sealedText: new Uint8Array(1),
      language: Language.EN,
      source: TurnSource.TEST_CHAT,
      startedAtUnixMs: 0n,
      opened: { ownerId: "owner", sealedIdentity: new Uint8Array(1) },
    });
    expect(await settleRestored(nats)).toEqual({ turns: 1, updates: 0 });
    expect((await chats.load(subject)).state.turn).toBeUndefined();
  });
});

describe("a restored log that is damaged", () => {
  it("is not settled: what cannot be read may hold a turn that is open", async () => {
    const directory = await mkdtemp(join(tmpdir(), "settle-damaged-"));
    const write = await freshNats({ dataDirectory: directory });
    const writer = await connect({ servers: write.url });
    await declareUpdates(writer);
    await declareStreams(writer);
    for (let update = 0; update < 20; update++)
      await writer.jetstream().publish("updates.ada.chat", `update-${update}.`);
    await writer.close();
    await write.stop();
    await flipAByteOf(directory, "update-19.");

    const damaged = await freshNats({ dataDirectory: directory });
    const reader = await connect({ servers: damaged.url });
    await expect(settleRestored(reader)).rejects.toThrow("of 20 messages of UPDATES can be read");
    await reader.close();
    await damaged.stop();
    await rm(directory, { recursive: true });
  });
});

async function flipAByteOf(directory: string, text: string): Promise<void> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const file of files.filter(({ name }) => name.endsWith(".blk"))) {
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    const at = bytes.indexOf(text);
    if (at === -1) continue;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return writeFile(path, bytes);
  }
  throw new Error(`no block holds ${text}`);
}
