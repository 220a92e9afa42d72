import { afterAll, beforeAll } from "@jest/globals";
import { Api, GrammyError } from "grammy";
import { type Simulator, type SimulatorOptions, simulatorClient, startSimulator } from "../src/index.ts";

/** One simulator for a test file; each test makes its own bot and user, so nothing is shared. */
export function simulatorFixture(options: SimulatorOptions = {}) {
  let running: Simulator | undefined;
  let nextUser = 1000;

  beforeAll(async () => {
    running = await startSimulator(options);
  });
  afterAll(async () => {
    await running?.stop();
  });

  const url = () => running?.url ?? "";
  /** A bot, a user who has written to it once, and grammY as an independent client. */
  async function meeting() {
    const sim = simulatorClient(url());
    const bot = await sim.createBot();
    const userId = nextUser++;
    const user = sim.user(userId);
    await user.send(bot.id, "hello");
    const api = new Api(bot.token, { apiRoot: url() });
    return { sim, bot, user, userId, api, call: rawCall(`${url()}/bot${bot.token}`) };
  }
  return { url, meeting };
}

/** Telegram's answer as it stands on the wire. */
function rawCall(base: string) {
  return async (method: string, payload?: unknown) => {
    const response = await fetch(`${base}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload ?? {}),
    });
    return { status: response.status, body: await response.json() };
  };
}

/** What grammY was refused, or "accepted". */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "accepted";
  } catch (error) {
    if (error instanceof GrammyError) return `${error.error_code} ${error.description}`;
    throw error;
  }
}
