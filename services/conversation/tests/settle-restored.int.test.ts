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
