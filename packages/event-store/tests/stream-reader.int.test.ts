import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { headers, type Msg, type NatsConnection } from "nats";
import { announcedBy, announcementsOf, announcing } from "../src/announcements.ts";
import {
  ensureBucket,
  ensureStream,
  followStream,
  LogUnavailable,
  type StreamReader,
  streamInfo,
  streamReader,
} from "../src/index.ts";
import { ownNats } from "./own-nats.ts";

const FOR_EVER_MS = 60_000;

let nats: NatsConnection;
let stop: () => Promise<void>;
let stream: string;
let reader: StreamReader;
let streams = 0;
beforeAll(async () => {
  ({ nats, stop } = await ownNats());
});
beforeEach(async () => {
  stream = `READ${++streams}`;
  await ensureStream(nats, { name: stream, subjects: [`read${streams}.*`], announced: true });
  reader = streamReader(nats, { stream, subject: ">", after: 0 });
});
afterAll(() => stop());

async function write(...contents: readonly string[]): Promise<number> {
  let last = 0;
  for (const content of contents) last = (await nats.jetstream().publish(`read${streams}.a`, content)).seq;
  return last;
}

const contents = async (page: ReturnType<StreamReader["next"]>) =>
  (await page).messages.map(({ data }) => Buffer.from(data).toString());

describe("a reader of a stream", () => {
  it("hands out page by page what there is, empty messages too, and says how many are behind", async () => {
    await write("a", "", "b", "");
    const first = reader.next({ max: 3 });
    expect(await contents(first)).toEqual(["a", "", "b"]);
    expect((await first).pending).toBe(1);
    expect(await contents(reader.next({ max: 3 }))).toEqual([""]);
    expect(await contents(reader.next({ max: 3 }))).toEqual([]);
  });

  it("names of a message what the stream knows of it", async () => {
    const sequence = await write("a");
    const before = Date.now();
    const [message] = (await reader.next({ max: 1 })).messages;
    expect(message).toMatchObject({ sequence, subject: `read${streams}.a` });
    expect(Math.abs((message?.time.getTime() ?? 0) - before)).toBeLessThan(FOR_EVER_MS);
  });

  it("waits for news as long as it may, and has them as soon as they are announced", async () => {
    const waiting = reader.next({ max: 3, waitMs: FOR_EVER_MS });
    await nats.flush();
    await write("news");
    expect(await contents(waiting)).toEqual(["news"]);
  });

  it("stops waiting when its user does", async () => {
    const leaving = new AbortController();
    const waiting = reader.next({ max: 3, waitMs: FOR_EVER_MS, signal: leaving.signal });
    leaving.abort();
    expect(await contents(waiting)).toEqual([]);
  });

  it("goes by the leader where it asks whether anything is left, also behind the last message that fits", async () => {
    const some = streamReader(nats, { stream, subject: "other.*", after: 0 });
    expect(await some.state()).toEqual({ end: 0, isAtEnd: true });
    const end = await write("a", "b");
    expect(await some.state()).toEqual({ end, isAtEnd: true });
    expect(await reader.state()).toEqual({ end, isAtEnd: false });
    await reader.next({ max: 2 });
    expect(await reader.state()).toEqual({ end, isAtEnd: true });
    some.close();
  });

  it("refuses a log that ends before what it has read, as a restored one may", async () => {
    await write("a", "b");
    const ahead = streamReader(nats, { stream, subject: ">", after: 3 });
    await expect(ahead.state()).rejects.toThrow(LogUnavailable);
    ahead.close();
  });

  it("asks a copy again that has not got yet what is announced", async () => {
    const laggard = `LAGS${streams}`;
    let asked = 0;
    const answer = (request: Msg) => {
      asked += 1;
      if (asked < 3) return request.respond("", { headers: headers(404, "Message Not Found") });
      request.respond("late", { headers: headersOf({ "Nats-Sequence": 1, "Nats-Last-Sequence": 0 }) });
      return request.respond("", { headers: headersOf({ "Nats-Last-Sequence": 1, "Nats-Num-Pending": 0 }, 204) });
    };
    nats.subscribe(`$JS.API.DIRECT.GET.${laggard}`, { callback: (_, request) => void answer(request) });
    const patient = streamReader(nats, { stream: laggard, subject: ">", after: 0 });
    const waiting = patient.next({ max: 1, waitMs: FOR_EVER_MS });
    nats.publish(announcementsOf(laggard, "late"), "", { headers: headersOf({ "Nats-Sequence": 1 }) });
    expect(await contents(waiting)).toEqual(["late"]);
    patient.close();
  });
});

describe("a reader of a stream whose copies answer no direct gets", () => {
  beforeEach(async () => {
    const { streams: all } = await nats.jetstreamManager();
    await all.delete(stream);
    await all.add({ name: stream, subjects: [`read${streams}.*`], allow_direct: false });
    await write("a", "b");
  });

  const twoPages = async () => [await contents(reader.next({ max: 5 })), await contents(reader.next({ max: 5 }))];

  it("has its messages from the leader, one at a time, as where a version before declared it", async () => {
    expect(await twoPages()).toEqual([["a"], ["b"]]);
    expect(await reader.state()).toEqual({ end: 2, isAtEnd: true });
  });

  it("has a message whose headers cannot be read from the leader, who names it otherwise", async () => {
    const unreadable = (request: Msg) => request.respond("no headers");
    nats.subscribe(`$JS.API.DIRECT.GET.${stream}`, { callback: (_, request) => void unreadable(request) });
    expect(await twoPages()).toEqual([["a"], ["b"]]);
  });
});

function headersOf(all: Readonly<Record<string, number | string>>, code?: number) {
  const made = code === undefined ? headers() : headers(code, "EOB");
  for (const [name, value] of Object.entries(all)) made.set(name, String(value));
  return made;
}

describe("a message whose writer claims what the server says", () => {
  const claims = {
    "Nats-Sequence": "1000000",
    "Nats-Last-Sequence": "7",
    "Nats-Subject": "another.one",
    "Nats-Time-Stamp": "2001-01-01T00:00:00Z",
  };

  it("is read, and announced, under its own subject, place and time", async () => {
    const heard = nats.subscribe(announcementsOf(stream), { max: 2 });
    await write("a");
    await nats.jetstream().publish(`read${streams}.a`, "b", { headers: headersOf(claims) });
    await write("c");
    const { messages } = await reader.next({ max: 5 });
    expect(messages.map(({ sequence, subject }) => [sequence, subject])).toEqual(
      [1, 2, 3].map((sequence) => [sequence, `read${streams}.a`]),
    );
    expect(messages[1]?.time.getFullYear()).toBeGreaterThan(2001);
    const announced: number[] = [];
    for await (const announcement of heard) announced.push(announcedBy(stream, announcement).sequence);
    expect(announced).toEqual([1, 2]);
  });
});

describe("following a stream", () => {
  it("ends with an error when it is another one, also while nothing comes", async () => {
    await write("a", "b", "c");
    const following = followStream(nats, { stream, subject: ">", after: 0 }, new AbortController().signal);
    const steps = following[Symbol.asyncIterator]();
    expect((await steps.next()).value.messages).toHaveLength(3);
    expect((await steps.next()).value).toEqual({ messages: [], isCaughtUp: true });
    const { streams: all } = await nats.jetstreamManager();
    await all.delete(stream);
    await ensureStream(nats, { name: stream, subjects: [`read${streams}.*`], announced: true });
    await expect(steps.next()).rejects.toThrow(LogUnavailable);
  });
});

describe("a reader after a reconnect", () => {
  it("says that the log may be another one", async () => {
    await reader.next({ max: 1 });
    await nats.reconnect();
    await expect(reader.next({ max: 1, waitMs: FOR_EVER_MS })).rejects.toThrow(LogUnavailable);
  });
});

describe("a stream that is announced", () => {
  it("is brought to it when it was not declared so before", async () => {
    const later = { name: `LATER${streams}`, subjects: [`later${streams}.*`] };
    await ensureStream(nats, later);
    const { config } = await ensureStream(nats, { ...later, announced: true });
    expect(config).toMatchObject(announcing(later.name));
  });

  it("may be a bucket from before, whose pages any copy then hands out", async () => {
    const bucket = `before${streams}`;
    await ensureBucket(nats, { name: bucket });
    await (await ensureBucket(nats, { name: bucket, announced: true })).put("key", "value");
    const config = (await streamInfo(nats, `KV_${bucket}`))?.config;
    expect(config).toMatchObject({ ...announcing(`KV_${bucket}`), allow_direct: true });
    const pages = streamReader(nats, { stream: `KV_${bucket}`, subject: ">", after: 0 });
    expect(await contents(pages.next({ max: 1 }))).toEqual(["value"]);
    pages.close();
  });

  it("tells subject, sequence and headers of a message and not what it says", async () => {
    const heard = nats.subscribe(announcementsOf(stream), { max: 1 });
    const { seq: sequence } = await nats
      .jetstream()
      .publish(`read${streams}.a`, "secret", { headers: headersOf({ "ce-id": "an-id" }) });
    for await (const announcement of heard) {
      expect(announcedBy(stream, announcement)).toEqual({ subject: `read${streams}.a`, sequence });
      expect([announcement.headers?.get("ce-id"), announcement.data.length]).toEqual(["an-id", 0]);
    }
  });
});
