import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { newGate, type Stage, type StagedBot, stage, until } from "./stage.ts";

let set: Stage;
let nextPerson = 10_000;
let worker: Awaited<ReturnType<Stage["start"]>> | undefined;

beforeAll(async () => {
  set = await stage();
});
afterAll(() => set.close());
afterEach(async () => {
  set.ai.answers();
  set.ai.makesWait();
  await worker?.stop();
  worker = undefined;
});

const ASIDE_AND_PLACES = 10;

/** As many people as asked write to one bot, before any worker is there. */
async function flood(bot: StagedBot, people: number): Promise<void> {
  nextPerson += people;
  await Promise.all(Array.from({ length: people }, (_, index) => set.say(bot, nextPerson - index, "flood")));
}

const calls = () => set.telegram.ledger({ kind: "call", method: "sendMessage" });
const asked = ({ botId }: StagedBot) => set.ai.requests.filter((request) => request.botId === botId);

/** The model never answers one bot until the gate is opened. */
function holdUp({ botId }: StagedBot) {
  const gate = newGate();
  set.ai.answers(async (request) => {
    if (request.botId === botId) await gate.opened;
    return `echo: ${request.text}`;
  });
  return gate;
}

describe("a flood on one bot", () => {
  it("lets the chats of six quiet owners begin in turn with it, not behind it", async () => {
    const flooded = await set.newBot({ ownerId: "loud" });
    await flood(flooded, 60);
    const quiet = await Promise.all(Array.from({ length: 6 }, (_, n) => set.newBot({ ownerId: `quiet-${n}` })));
    for (const bot of quiet) await set.say(bot, 5, "Hello");
    worker = await set.start({ TURNS_AT_ONCE: "4" });
    await until(async () => (await calls()).length === 66);
    const ids = new Set(quiet.map(({ telegramBotId }) => telegramBotId));
    const order = (await calls()).map(({ botId }) => ids.has(botId ?? 0));
    // Their turns come with every second grant at the latest, once the 4 places and the few of the first delivery are through.
    expect(order.lastIndexOf(true)).toBeLessThan(30);
  });

  it("delays no other bot of the same owner behind all of its chats", async () => {
    const [flooded, quiet] = [await set.newBot({ ownerId: "one" }), await set.newBot({ ownerId: "one" })];
    const before = (await calls()).length;
    await flood(flooded, 60);
    await set.say(quiet, 5, "Hello");
    worker = await set.start({ TURNS_AT_ONCE: "4" });
    await until(async () => (await calls()).length === before + 61);
    const rank = (await calls()).slice(before).findIndex(({ botId }) => botId === quiet.telegramBotId);
    expect(rank).toBeLessThan(20);
  });

  it("leaves room for another owner also when the model answers none of it", async () => {
    const flooded = await set.newBot({ ownerId: "stuck" });
    const quiet = await set.newBot({ ownerId: "quiet" });
    const gate = holdUp(flooded);
    await flood(flooded, 30);
    worker = await set.start({ TURNS_AT_ONCE: "4" });
    await until(() => asked(flooded).length === 4);
    await set.say(quiet, 5, "Hello");
    expect(await set.replies(quiet, 5, 1)).toEqual(["echo: Hello"]);
    expect(asked(flooded)).toHaveLength(4);
    gate.open();
    await until(() => asked(flooded).length === 30);
  });

  it("keeps no place while it waits for the quota, and what waits is bounded", async () => {
    const [flooded, quiet] = [await set.newBot({ ownerId: "one" }), await set.newBot({ ownerId: "one" })];
    const gate = holdUp(flooded);
    set.ai.makesWait(({ botId }) => botId === flooded.botId);
    await flood(flooded, 6);
    worker = await set.start({ TURNS_AT_ONCE: "2" });
    await until(() => asked(flooded).length === 6);
    await set.say(quiet, 5, "Hello");
    expect(await set.replies(quiet, 5, 1)).toEqual(["echo: Hello"]);
    await flood(flooded, 10);
    await until(() => asked(flooded).length === ASIDE_AND_PLACES);
    gate.open();
    await until(() => asked(flooded).length === 16);
  });
});
