import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stage, stage, until } from "./stage.ts";

let set: Stage;

beforeAll(async () => {
  set = await stage();
});
afterAll(() => set.close());

describe("a flood on one bot", () => {
  it("does not make another bot's chat wait behind it", async () => {
    const [flooded, quiet] = [await set.newBot(), await set.newBot()];
    const people = Array.from({ length: 120 }, (_, index) => 10_000 + index);
    for (const person of people) await set.say(flooded, person, "flood");
    await set.say(quiet, 5, "Hello");
    const worker = await set.start({ TURNS_AT_ONCE: "4" });
    expect(await set.replies(quiet, 5, 1)).toEqual(["echo: Hello"]);
    const calls = () => set.telegram.ledger({ kind: "call", method: "sendMessage" });
    await until(async () => (await calls()).length === people.length + 1);
    const rank = (await calls()).findIndex(({ botId }) => botId === quiet.telegramBotId);
    expect(rank).toBeLessThan(20);
    await worker.stop();
  });
});
