import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acceptRollback } from "@botfactory/event-store";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { headers } from "nats";
import { conversationCodec } from "../src/chat-log.ts";
import { type Stage, stage, until } from "./stage.ts";

let set: Stage;
let dataDirectory: string;
let copy: string;
let running: Awaited<ReturnType<Stage["start"]>>;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "conversation-"));
  copy = await mkdtemp(join(tmpdir(), "conversation-copy-"));
  set = await stage({ dataDirectory });
  running = await set.start();
});
afterAll(async () => {
  await set.close();
  for (const directory of [dataDirectory, copy]) await rm(directory, { recursive: true, force: true });
});

const readiness = async () => (await fetch(`http://127.0.0.1:${running.adminPort}/readyz`)).json();
const lastSubject = async () => {
  const { streams } = await set.nats.jetstreamManager();
  const { state } = await streams.info("CONVERSATIONS");
  return (await streams.getMessage("CONVERSATIONS", { seq: state.last_seq })).subject;
};

describe("a chat whose log is damaged", () => {
  it("is answered nothing and loses nothing, while the others are answered", async () => {
    const bot = await set.newBot();
    await set.say(bot, 1, "/one");
    expect(await set.replies(bot, 1, 1)).toEqual(["echo: /one"]);
    await until(async () => (await set.events(bot, 1)).at(-1)?.case === "replySent");
    // Somebody put an event in that belongs to no chain.
    const [opened] = await set.events(bot, 1);
    const forged = headers();
    forged.set("ce-id", "forged");
    if (opened === undefined) throw new Error("the chat has no events");
    const { payload } = conversationCodec.encode(opened);
    await set.nats.jetstream().publish(await lastSubject(), payload, { headers: forged });

    await set.say(bot, 1, "/two");
    await until(() => set.log().includes("the log is damaged, the chat waits for an operator"));
    await set.say(bot, 2, "/three");
    expect(await set.replies(bot, 2, 1)).toEqual(["echo: /three"]);
    expect(set.log()).toContain('"damage":{"stream":"CONVERSATIONS"');
    expect(set.log()).toContain('"reason":"unchained","version":5');
    expect(await set.replies(bot, 1, 1)).toEqual(["echo: /one"]);
    const { streams, consumers } = await set.nats.jetstreamManager();
    await until(async () => (await consumers.info("UPDATES", "conversation")).num_ack_pending === 1);
    expect((await streams.info("QUARANTINE")).state.messages).toBe(0);
    expect(await readiness()).toEqual({ status: "ready" });
  }, 60_000);
});

describe("a log that came back from an old backup", () => {
  it("is neither answered from nor written to until somebody accepts it, then chats go on", async () => {
    const bot = await set.newBot();
    await set.say(bot, 3, "/one");
    expect(await set.replies(bot, 3, 1)).toEqual(["echo: /one"]);
    await until(async () => (await set.events(bot, 3)).at(-1)?.case === "replySent");
    await set.stopNats();
    await cp(dataDirectory, copy, { recursive: true });
    await set.returnNats();
    await until(async () => (await set.nats.rtt()) >= 0);
    await set.say(bot, 3, "/two");
    expect(await set.replies(bot, 3, 2)).toHaveLength(2);
    await until(async () => (await set.events(bot, 3)).length === 7);
    const { streams } = await set.nats.jetstreamManager();
    const { last_seq: end } = (await streams.info("CONVERSATIONS")).state;
    const kept = set.database().collection<{ _id: string; sequence: number }>("log_watermarks");
    await until(async () => (await kept.findOne({ _id: "CONVERSATIONS" }))?.sequence === end);

    await set.stopNats();
    await rm(dataDirectory, { recursive: true });
    await cp(copy, dataDirectory, { recursive: true });
    await set.returnNats();
    await until(async () => (await set.nats.rtt()) >= 0);
    await until(async () => JSON.stringify(await readiness()).includes('"failing":["log_intact"]'));
    await set.say(bot, 3, "/three");
    await until(() => set.log().includes('"reason":"rolled-back"'));
    expect((await streams.info("CONVERSATIONS")).state.last_seq).toBe(end - 3);

    await acceptRollback(set.nats, set.database(), "CONVERSATIONS");
    await until(() => set.log().includes('"reason":"restored"'));
    await running.stop();
    running = await set.start();
    expect((await set.replies(bot, 3, 3)).at(-1)).toBe("echo: /three");
    expect(await readiness()).toEqual({ status: "ready" });
  }, 90_000);
});
