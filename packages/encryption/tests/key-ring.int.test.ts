import { randomBytes } from "node:crypto";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { freshNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { botKeySubject, CannotOpen, keyEncryptionKey, keyRing, openText, sealText } from "../src/index.ts";

const kekText = `k1=${randomBytes(32).toString("base64")}`;
const freshSubject = () => botKeySubject(randomBytes(8).toString("hex"));

describe("the key ring", () => {
  const connections: NatsConnection[] = [];
  let server: Awaited<ReturnType<typeof freshNats>>;
  /** A ring of its own process: own connection, own cache. */
  const openRing = async (configured = kekText) => {
    const nats = await connect({ servers: server.url });
    connections.push(nats);
    return keyRing(nats, keyEncryptionKey(configured));
  };
  let ring: Awaited<ReturnType<typeof openRing>>;
  beforeAll(async () => {
    server = await freshNats();
    ring = await openRing();
  });
  afterAll(async () => {
    await Promise.all(connections.map((nats) => nats.close()));
    await server.stop();
  });

  it("has no key for a subject that was never used", async () =>
    expect(await ring.get(freshSubject())).toBeUndefined());

  it("gives twenty processes that ask for a new key at once the same one", async () => {
    const rings = await Promise.all(Array.from({ length: 20 }, () => openRing()));
    const subject = freshSubject();
    const keys = await Promise.all(rings.map((one) => one.getOrCreate(subject)));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    const sealed = keys[0] && sealText(keys[0], "token", subject);
    for (const key of keys) expect(openText(key, sealed ?? new Uint8Array(), subject)).toBe("token");
  });

  it("gives each subject its own key, and the same one to a process that starts later", async () => {
    const [one, two] = [freshSubject(), freshSubject()];
    const [first, second] = [await ring.getOrCreate(one), await ring.getOrCreate(two)];
    expect(first.id).not.toBe(second.id);
    expect((await (await openRing()).get(one))?.id).toBe(first.id);
  });

  it("forgets a destroyed key in every process, and starts with another one afterwards", async () => {
    const other = await openRing();
    const subject = freshSubject();
    const key = await ring.getOrCreate(subject);
    await other.getOrCreate(subject);
    await ring.destroy(subject);
    expect(await ring.get(subject)).toBeUndefined();
    await expectEventually(async () => expect(await other.get(subject)).toBeUndefined());
    expect((await ring.getOrCreate(subject)).id).not.toBe(key.id);
  });

  it("finishes a destruction whose process died between the erasure and telling the others", async () => {
    const [other, subject] = [await openRing(), freshSubject()];
    await other.getOrCreate(subject);
    const { streams } = (await connections[0]?.jetstreamManager()) ?? {};
    const record = await streams?.getMessage("KEYS", { last_by_subj: subject });
    await streams?.deleteMessage("KEYS", record?.seq ?? 0, true);
    expect(await other.get(subject)).toBeDefined();
    await ring.destroy(subject);
    await expectEventually(async () => expect(await other.get(subject)).toBeUndefined());
  });

  it("forgets a destroyed key also where another was created before the destruction was told", async () => {
    const [destroyer, creator, other, subject] = [await openRing(), await openRing(), await openRing(), freshSubject()];
    const former = await other.getOrCreate(subject);
    const nats = connections.at(-3);
    if (nats === undefined) throw new Error("no connection");
    const request = nats.request.bind(nats);
    nats.request = async (to, ...more) => {
      const answer = await request(to, ...more);
      if (to.startsWith("$JS.API.STREAM.MSG.DELETE")) await creator.getOrCreate(subject);
      return answer;
    };
    await destroyer.destroy(subject);
    const now = await creator.get(subject);
    expect(now?.id).not.toBe(former.id);
    await expectEventually(async () => expect((await other.get(subject))?.id).toBe(now?.id));
  });

  it("forgets a destroyed key when the destruction is told again, as after word of it got lost", async () => {
    const [other, subject] = [await openRing(), freshSubject()];
    await other.getOrCreate(subject);
    const { streams } = (await connections[0]?.jetstreamManager()) ?? {};
    const config = (await streams?.info("KEYS"))?.config;
    const silent = { ...config, republish: undefined } as unknown as Parameters<
      NonNullable<typeof streams>["update"]
    >[1];
    await streams?.update("KEYS", silent);
    await ring.destroy(subject);
    expect(await other.get(subject)).toBeDefined();
    await streams?.update("KEYS", config as typeof silent);
    await ring.destroy(subject);
    await expectEventually(async () => expect(await other.get(subject)).toBeUndefined());
  });

  it("leaves no wrapped bytes of a destroyed key in the stream", async () => {
    const [nats] = connections;
    const subject = freshSubject();
    await ring.getOrCreate(subject);
    await ring.destroy(subject);
    const { streams } = (await nats?.jetstreamManager()) ?? {};
    expect((await streams?.getMessage("KEYS", { last_by_subj: subject }))?.data).toHaveLength(0);
  });

  it("refuses a wrapped key that somebody copied to another subject", async () => {
    const [nats] = connections;
    const [mine, stolen] = [freshSubject(), freshSubject()];
    await ring.getOrCreate(mine);
    const { streams } = (await nats?.jetstreamManager()) ?? {};
    const wrapped = await streams?.getMessage("KEYS", { last_by_subj: mine });
    await nats?.jetstream().publish(stolen, wrapped?.data);
    await expect(ring.get(stolen)).rejects.toThrow(CannotOpen);
    await streams?.purge("KEYS", { filter: stolen });
  });

  it("wraps all keys with a new key-encryption key, after which the old one is not needed", async () => {
    const [first, second] = [freshSubject(), freshSubject()];
    const ids = [(await ring.getOrCreate(first)).id, (await ring.getOrCreate(second)).id];
    const next = `k2=${randomBytes(32).toString("base64")}`;
    const rotating = await openRing(`${next},${kekText}`);
    expect(await rotating.rewrap()).toBeGreaterThanOrEqual(2);
    expect(await rotating.rewrap()).toBe(0);
    const after = await openRing(next);
    expect([(await after.get(first))?.id, (await after.get(second))?.id]).toEqual(ids);
    await expect((await openRing()).get(first)).rejects.toThrow(CannotOpen);
  });

  it("is unavailable, and nothing worse, while the log is away", async () => {
    const [away, subject] = [await freshNats(), freshSubject()];
    const nats = await connect({ servers: away.url, maxReconnectAttempts: -1 });
    connections.push(nats);
    const lonely = await keyRing(nats, keyEncryptionKey(kekText));
    await away.stop();
    const asked = [lonely.get(subject), lonely.getOrCreate(subject), lonely.destroy(subject)];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ reason: { kind: "unavailable", code: "unavailable" } });
    }
  }, 15_000);
});

/** Repeats an assertion until it holds; its own failure after five seconds. */
async function expectEventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    // A cached key is answered without I/O: without a turn of the loop no message would ever arrive.
    await turnOfTheLoop();
  }
}
