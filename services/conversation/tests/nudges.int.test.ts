import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { forgetfulWay } from "./forgetful-way.ts";
import { type Stage, stage, until } from "./stage.ts";

let dataDirectory: string;
let set: Stage;
let way: Awaited<ReturnType<typeof forgetfulWay>>;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "conversation-"));
  set = await stage({ dataDirectory });
  way = await forgetfulWay(String(set.environment["NATS_URL"]), "$JS.API.CONSUMER.INFO.UPDATES.conversation");
  await set.start({ NATS_URL: way.url });
});
afterAll(async () => {
  await set.close();
  way.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

describe("a process that comes back to a log whose consumer has no leader yet", () => {
  it("takes nudges as soon as there is one", async () => {
    const bot = await set.newBot();
    await set.stopNats();
    way.forgetAgain();
    await set.returnNats();
    await until(() => way.isForgotten());
    await set.say(bot, 5, "/one");
    // The wait for a reply is shorter than the client library's own pause would be, which is 15 to 45 s.
    expect(await set.replies(bot, 5, 1)).toEqual(["echo: /one"]);
  }, 60_000);
});
