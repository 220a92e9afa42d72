import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startProcess } from "./process.ts";
import { newGate, type Stage, type StagedBot, stage, until } from "./stage.ts";

let set: Stage;
let nextUser = 1_000;

beforeAll(async () => {
  set = await stage();
});
afterAll(() => set.close());
afterEach(() => set.ai.answers());

const asked = ({ botId }: StagedBot) => set.ai.requests.filter((request) => request.botId === botId);

describe("a worker that is killed", () => {
  it("after the reply was drafted and before it was sent: another one sends it, the model is not asked again", async () => {
    const [bot, user] = [await set.newBot(), nextUser++];
    const doomed = await startProcess(set.environment);
    await set.telegram.fault({ kind: "hang-before", botId: bot.telegramBotId, method: "sendMessage" });
    await set.say(bot, user, "Hello");
    await until(async () => (await set.events(bot, user)).at(-1)?.case === "replyDrafted");
    const heir = await set.start();
    await doomed.kill("SIGKILL");
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    await until(async () => (await set.events(bot, user)).at(-1)?.case === "replySent");
    expect((await set.events(bot, user)).map((event) => event.case)).toEqual([
      "chatOpened",
      "turnStarted",
      "replyDrafted",
      "turnTakenOver",
      "replySendDoubted",
      "replySent",
    ]);
    expect(asked(bot)).toHaveLength(1);
    await heir.stop();
  });

  it("while the model writes: another one asks again, under the same charge key", async () => {
    const [bot, user] = [await set.newBot(), nextUser++];
    const never = newGate();
    set.ai.answers(() => never.opened.then(() => "too late"));
    const doomed = await startProcess(set.environment);
    const { update_id: updateId } = await set.say(bot, user, "Hello");
    await until(() => asked(bot).length === 1);
    const heir = await set.start();
    set.ai.answers();
    await doomed.kill("SIGKILL");
    never.open();
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    const key = `${bot.botId}:${updateId}`;
    expect(asked(bot).map(({ chargeKey }) => chargeKey)).toEqual([key, key]);
    await heir.stop();
  });
});

describe("a worker that is told to stop", () => {
  it("finishes what it is at, leaves the rest to the others, and ends by itself", async () => {
    const [bot, user] = [await set.newBot(), nextUser++];
    const gate = newGate();
    set.ai.answers(({ text }) => gate.opened.then(() => `echo: ${text}`));
    const leaving = await startProcess(set.environment);
    await set.say(bot, user, "/one");
    await until(() => asked(bot).length === 1);
    await set.say(bot, user, "/two");
    const ended = leaving.kill("SIGTERM");
    await until(() => leaving.output().includes('"stopping"'));
    gate.open();
    await ended;
    expect((await set.events(bot, user)).filter((event) => event.case === "replySent")).toHaveLength(1);
    const heir = await set.start();
    expect(await set.replies(bot, user, 2)).toEqual(["echo: /one", "echo: /two"]);
    expect(asked(bot)).toHaveLength(2);
    await heir.stop();
  });
});
