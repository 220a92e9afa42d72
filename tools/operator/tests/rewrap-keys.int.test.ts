import { randomBytes } from "node:crypto";
import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { rewrapKeys } from "../src/rewrap-keys.ts";

const newKey = (id: string) => `${id}=${randomBytes(32).toString("base64")}`;

let server: StartedNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await freshNats({ sync: "2m" });
  nats = await connect({ servers: server.url });
});
afterAll(async () => {
  await nats.close();
  await server.stop();
});

it("after a rotation the new key alone opens what the old one had wrapped, and a second run changes nothing", async () => {
  const [old, next] = [newKey("2025"), newKey("2026")];
  const before = await keyRing(nats, keyEncryptionKey(old));
  const subjects = ["keys.bot.a", "keys.bot.b", "keys.chat.a.x"];
  const keys = await Promise.all(subjects.map((subject) => before.getOrCreate(subject)));
  const said: string[] = [];
  const rotation = { natsUrl: server.url, keys: `${next},${old}`, say: (line: string) => void said.push(line) };

  await rewrapKeys(rotation);
  const after = await keyRing(nats, keyEncryptionKey(next));
  for (const [index, subject] of subjects.entries())
    expect((await after.get(subject))?.key.export()).toEqual(keys[index]?.key.export());
  const late = await keyRing(nats, keyEncryptionKey(old));
  await expect(late.get(subjects[0] ?? "")).rejects.toThrow('no key "2026"');

  await rewrapKeys(rotation);
  expect(said.map((line) => /\d+/.exec(line)?.[0])).toEqual(["3", "0"]);
});

it("says which entry is wrong, and not what stands in it", async () => {
  const broken = rewrapKeys({ natsUrl: server.url, keys: `${newKey("2026")},secret-of-mine`, say: () => undefined });
  await expect(broken).rejects.toThrow("KEY_ENCRYPTION_KEY: entry 2 is not 32 bytes in base64, or id=base64");
});
