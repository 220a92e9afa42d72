import { ensureStream } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { listQuarantine, type QuarantineQuery } from "../src/quarantine/read-quarantine.ts";

let server: StartedNats;
let nats: NatsConnection;

beforeEach(async () => {
  server = await freshNats({ sync: "2m" });
  nats = await connect({ servers: server.url });
  await ensureStream(nats, { name: "QUARANTINE", subjects: ["quarantine.>"] });
});
afterEach(async () => {
  await nats.close();
  await server.stop();
});

async function setAside(botId: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await nats.jetstream().publish(`quarantine.ingress.${botId}`, "x");
}

async function purge(filter: string): Promise<void> {
  const { streams } = await nats.jetstreamManager();
  await streams.purge("QUARANTINE", { filter });
}

/** The numbers that are listed, and how many requests that took. */
async function list(query: QuarantineQuery) {
  const before = nats.stats().outMsgs;
  const { messages } = await listQuarantine(nats, query);
  return { numbers: messages.map(({ sequence }) => sequence), requests: nats.stats().outMsgs - before };
}

describe("the list of what was set aside", () => {
  it("shows what is older than what was purged", async () => {
    await setAside("a", 3);
    await setAside("b", 60);
    await purge("quarantine.*.b");
    expect((await list({ last: 50 })).numbers).toEqual([1, 2, 3]);
    expect((await list({ last: 2 })).numbers).toEqual([2, 3]);
    expect((await list({ botId: "a", last: 1 })).numbers).toEqual([3]);
    expect((await list({ botId: "b", last: 50 })).numbers).toEqual([]);
  });

  it("shows one bot's among others', the oldest first", async () => {
    for (let n = 0; n < 30; n++) await setAside(n % 3 === 0 ? "a" : "b", 1);
    expect((await list({ botId: "a", last: 4 })).numbers).toEqual([19, 22, 25, 28]);
    expect((await list({ botId: "a", last: 50 })).numbers).toHaveLength(10);
  });

  it("asks for about as many as it shows, however many there are", async () => {
    await setAside("a", 300);
    for (const query of [{ last: 1 }, { botId: "a", last: 1 }]) {
      const { numbers, requests } = await list(query);
      expect(numbers).toEqual([300]);
      expect(requests).toBeLessThan(30);
    }
  });

  it("asks no oftener than twice for each of a bot's, however many of others' are newer", async () => {
    await setAside("a", 10);
    await setAside("b", 300);
    const { numbers, requests } = await list({ botId: "a", last: 2 });
    expect(numbers).toEqual([9, 10]);
    expect(requests).toBeLessThan(50);
  });

  it("takes no pattern for a bot", async () => {
    await expect(list({ botId: ">", last: 1 })).rejects.toThrow("a bot's id has");
  });
});
