import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";
import { text } from "node:stream/consumers";
import { WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Ingress } from "../src/start-ingress.ts";
import {
  hashOf,
  messagesOf,
  newSecret,
  post,
  type RegisteredBot,
  type Stage,
  stage,
  until,
  updateOf,
} from "./stage.ts";

let scene: Stage;
let ingress: Ingress;
let other: Ingress;
let ada: RegisteredBot;
let bob: RegisteredBot;

beforeAll(async () => {
  scene = await stage();
  ada = await scene.register("ada");
  bob = await scene.register("bob");
  ingress = await scene.start();
  other = await scene.start();
});
afterAll(() => scene.close());

const updates = (botId: string) => messagesOf(scene.nats, "UPDATES", `updates.${botId}.`);
const quarantined = (botId: string) => messagesOf(scene.nats, "QUARANTINE", `quarantine.ingress.${botId}`);
const everything = async () =>
  (await messagesOf(scene.nats, "UPDATES")).length + (await messagesOf(scene.nats, "QUARANTINE")).length;

describe("an update of Telegram", () => {
  it("is in the log byte for byte before the 200, under its bot and chat, with its id", async () => {
    const body = ` ${updateOf(100, 7, "Salom \\ud83d\\ude00 \\u0000 \\ud800")}\n`;
    const response = await post(ingress, ada.botId, { secret: ada.secret, body });
    expect([response.status, await response.text()]).toEqual([200, '{"ok":true}']);
    const [stored] = await updates(ada.botId);
    expect(stored?.subject).toMatch(/^updates\.ada\.[a-z2-7]{26}$/);
    expect(Buffer.from(stored?.data ?? []).toString()).toBe(body);
    expect(stored?.header.get("Nats-Msg-Id")).toBe("ada:100");
    expect(stored?.header.get("Telegram-Update-Id")).toBe("100");
  });

  it("of two bots with the same update id is stored for both", async () => {
    await post(ingress, ada.botId, { secret: ada.secret, body: updateOf(101) });
    await post(ingress, bob.botId, { secret: bob.secret, body: updateOf(101) });
    const ids = (await messagesOf(scene.nats, "UPDATES")).map(({ header }) => header.get("Nats-Msg-Id"));
    expect(ids).toEqual(expect.arrayContaining(["ada:101", "bob:101"]));
  });

  it("posted 5 times at once to 2 ingresses is stored once and answered 200 five times", async () => {
    const eva = await scene.register("eva");
    await until(async () => (await post(other, "eva", { secret: "no" })).status === 401);
    await until(async () => (await post(ingress, "eva", { secret: "no" })).status === 401);
    const targets = [ingress, other, ingress, other, ingress];
    const answers = await Promise.all(targets.map((to) => post(to, "eva", { secret: eva.secret, body: updateOf(1) })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await updates("eva")).toHaveLength(1);
  });

  it("of a kind that does not exist today is stored like any other", async () => {
    const body = JSON.stringify({ update_id: 102, hologram: { chat: { id: 9 } } });
    expect((await post(ingress, ada.botId, { secret: ada.secret, body })).status).toBe(200);
    expect((await updates(ada.botId)).map(({ header }) => header.get("Telegram-Update-Id"))).toContain("102");
  });

  it("of a paused bot is stored, because it will answer again", async () => {
    const pia = await scene.register("pia", { state: WebhookState.PAUSED });
    await until(async () => (await post(ingress, "pia", { secret: "no" })).status === 401);
    expect((await post(ingress, "pia", { secret: pia.secret, body: updateOf(1) })).status).toBe(200);
  });

  it("that comes chunked and slowly is stored whole", async () => {
    const body = updateOf(103, 7, "s".repeat(100_000));
    const sending = httpRequest({
      port: ingress.port,
      method: "POST",
      path: `/telegram/webhook/${ada.botId}`,
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": ada.secret },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      sending.once("error", reject).once("response", (response) => resolve(response.resume().statusCode));
    });
    for (const part of body.match(/[\s\S]{1,25000}/g) ?? []) {
      await new Promise((resolve) => sending.write(part, resolve));
    }
    sending.end();
    expect(await answered).toBe(200);
    expect((await updates(ada.botId)).some(({ data }) => Buffer.from(data).toString() === body)).toBe(true);
  });
});

describe("a forged post", () => {
  it.each([
    ["without a secret", () => ({ botId: "ada" }), 401],
    ["with an empty secret", () => ({ botId: "ada", secret: "" }), 401],
    ["with a wrong secret", () => ({ botId: "ada", secret: newSecret() }), 401],
    ["with another bot's secret", () => ({ botId: "ada", secret: bob.secret }), 401],
    ["to a bot that does not exist", () => ({ botId: "nobody", secret: ada.secret }), 404],
    ["to a prototype's member", () => ({ botId: "__proto__", secret: ada.secret }), 404],
    ["to a wildcard", () => ({ botId: "*", secret: ada.secret }), 404],
    ["to a name that cannot be decoded", () => ({ botId: "%E0%A4%A", secret: ada.secret }), 404],
  ])("%s stores nothing and does not have its JSON looked at", async (_name, forged, status) => {
    const before = await everything();
    const { botId, secret } = { secret: undefined, ...forged() };
    const response = await post(ingress, botId, { ...(secret === undefined ? {} : { secret }), body: updateOf(900) });
    expect([response.status, await response.text()]).toEqual([status, '{"ok":false}']);
    expect(await everything()).toBe(before);
  });

  it("with the right secret sent twice is refused", async () => {
    const status = await rawPost([
      `X-Telegram-Bot-Api-Secret-Token: ${ada.secret}`,
      `x-telegram-bot-api-secret-token: ${ada.secret}`,
    ]);
    expect(status).toBe("HTTP/1.1 401 Unauthorized");
  });

  it("has its answer before one byte of its body was sent", async () => {
    expect(await rawPost([], 1_000_000)).toBe("HTTP/1.1 401 Unauthorized");
  });

  it("is refused 2,000 times without a single message in the log", async () => {
    const before = await everything();
    const guesses = Array.from({ length: 2_000 }, (_, index) => (index % 3 === 0 ? bob.secret : newSecret()));
    const statuses = new Set<number>();
    const worker = async () => {
      for (let secret = guesses.pop(); secret !== undefined; secret = guesses.pop()) {
        statuses.add((await post(ingress, "ada", { secret, body: updateOf(901) })).status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect([...statuses]).toEqual([401]);
    expect(await everything()).toBe(before);
  });

  it("to a bot whose webhook was taken away is refused with the secret that was right", async () => {
    const ivo = await scene.register("ivo", { state: WebhookState.REMOVED });
    expect((await post(ingress, "ivo", { secret: ivo.secret })).status).toBe(404);
  });

  it("with a secret that was replaced is refused as soon as the table knows", async () => {
    const old = await scene.register("kim");
    await until(async () => (await post(ingress, "kim", { secret: old.secret, body: updateOf(1) })).status === 200);
    const now = await scene.register("kim", { revision: 2n });
    await until(async () => (await post(ingress, "kim", { secret: now.secret, body: updateOf(2) })).status === 200);
    expect((await post(ingress, "kim", { secret: old.secret, body: updateOf(3) })).status).toBe(401);
    const both = await scene.register("kim", { revision: 3n, secretHashes: [hashOf(now.secret), hashOf(old.secret)] });
    await until(async () => (await post(ingress, "kim", { secret: old.secret, body: updateOf(4) })).status === 200);
    expect((await post(ingress, "kim", { secret: both.secret, body: updateOf(5) })).status).toBe(401);
  });
});

describe("an authenticated post that cannot be handed on", () => {
  it.each([
    ["that is not JSON", "no json {", "not_json"],
    ["that is empty JSON text", "  ", "not_json"],
    ["of 10 kB nested 5,000 deep", "[".repeat(5_000) + "]".repeat(5_000), "too_deep"],
    ["without an update id", '{"message":{"chat":{"id":1}}}', "no_update_id"],
    ["without a chat", '{"update_id":200,"poll":{"id":"1"}}', "no_chat"],
  ])("%s is answered 200 and kept for people", async (_name, body, reason) => {
    const response = await post(ingress, ada.botId, { secret: ada.secret, body });
    expect([response.status, await response.text()]).toEqual([200, '{"ok":true}']);
    const kept = (await quarantined(ada.botId)).find(({ data }) => Buffer.from(data).toString() === body);
    expect(kept?.header.get("Quarantine-Reason")).toBe(reason);
  });

  it("of 2 MiB is answered 200, its beginning kept for people", async () => {
    const body = updateOf(201, 5, "x".repeat(2 * 1_024 * 1_024));
    expect((await post(ingress, bob.botId, { secret: bob.secret, body })).status).toBe(200);
    const [kept] = await quarantined(bob.botId);
    expect(kept?.header.get("Quarantine-Reason")).toBe("too_large");
    expect(Buffer.from(kept?.data ?? []).toString()).toBe(body.slice(0, 1_024));
  });

  it("of 256 MiB costs no memory", async () => {
    const block = Buffer.alloc(64 * 1_024, "x");
    const before = process.memoryUsage().rss;
    let left = 4_096;
    const body = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(block) : controller.close()),
    });
    expect((await post(ingress, bob.botId, { secret: bob.secret, body })).status).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_024 * 1_024);
  });

  it.each(["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])(
    "as %s is refused unread",
    async (type) => {
      const before = await everything();
      expect((await post(ingress, ada.botId, { secret: ada.secret, type, body: updateOf(902) })).status).toBe(415);
      expect(await everything()).toBe(before);
    },
  );
});

describe("any answer", () => {
  it("tells nothing about the server and is never cached or sniffed", async () => {
    const { headers } = await post(ingress, "ada", { secret: "no" });
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("to a path that cannot be decoded, or to another path, shows no stack", async () => {
    for (const [path, status] of [
      ["/telegram/webhook/%ff", 404],
      ["/", 404],
      ["/telegram/webhook/a/b", 404],
    ] as const) {
      const response = await fetch(`http://127.0.0.1:${ingress.port}${path}`, { method: "POST" });
      expect([response.status, await response.text()]).toEqual([status, '{"ok":false}']);
    }
  });
});

/** The status line of a post to ada whose body is announced but never sent. */
async function rawPost(headers: readonly string[], announced = 2): Promise<string | undefined> {
  const socket = connectSocket(ingress.port, "127.0.0.1");
  const head = [
    "POST /telegram/webhook/ada HTTP/1.1",
    "Host: ingress",
    "Content-Type: application/json",
    `Content-Length: ${announced}`,
    ...headers,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return (await text(socket)).split("\r\n")[0];
}
