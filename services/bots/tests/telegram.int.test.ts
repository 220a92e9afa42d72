import { inspect } from "node:util";
import { type Simulator, simulatorClient, startSimulator } from "@botfactory/simulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Telegram, TelegramRefused, telegram } from "../src/telegram.ts";

let simulator: Simulator;
let api: Telegram;
let token: string;

beforeAll(async () => {
  simulator = await startSimulator();
  ({ token } = await simulatorClient(simulator.url).createBot());
  api = telegram(`${simulator.url}/`);
});
afterAll(() => simulator.stop());

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("an error of Telegram", () => {
  it.each([
    ["reset-before", { code: "telegram_unreachable" }],
    ["reset-after", { code: "telegram_unreachable" }],
    ["internal", { code: "telegram_unreachable" }],
    ["unauthorized", { status: 401, isOfToken: true }],
    ["error", { status: 400, isOfToken: false }],
  ] as const)("(%s) becomes ours, and holds the token nowhere", async (kind, expected) => {
    await simulatorClient(simulator.url).fault({ kind, method: "setWebhook" });
    const error = await failureOf(api.setWebhook(token, { url: "http://127.0.0.1:1", secret: "hush-hush" }));
    expect(error).toMatchObject(expected);
    const seen = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
    expect(seen).not.toContain(token);
    expect(seen).not.toContain("hush-hush");
    expect(seen).not.toContain(simulator.url);
  });

  it("of a rate that lasts is told with the seconds to wait", async () => {
    await simulatorClient(simulator.url).fault({ kind: "rate-limited", method: "getMe", retryAfter: 30 });
    expect(await failureOf(api.getMe(token))).toMatchObject({
      code: "telegram_rate_limited",
      params: { seconds: "30" },
    });
  });

  it("that nobody is there is ours too", async () => {
    const nowhere = telegram("http://127.0.0.1:1");
    expect(await failureOf(nowhere.getMe(token))).toMatchObject({ kind: "unavailable", code: "telegram_unreachable" });
  });

  it("of a page that is not the Bot API is ours too", async () => {
    const lost = telegram(`${simulator.url}/somewhere/else`);
    const error = await failureOf(lost.getMe(token));
    expect(error instanceof TelegramRefused || inspect(error).includes("telegram_unreachable")).toBe(true);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY })).not.toContain(token);
  });
});
