import { setTimeout as pause } from "node:timers/promises";
import { DomainError } from "@botfactory/decider";
import { spawnAi } from "./spawn-ai.ts";
import { answer, busiestWindow, request, stage } from "./stage.ts";

// The real limits, real processes, real time: 300 requests at once on 3 processes, 60 a minute; about 4 minutes.
// Whoever is refused asks again when it was told to, as conversation's users would.
process.env["MONGODB_URL"] ??= "mongodb://127.0.0.1:9/none";
const REQUESTS = 300;
const LIMIT = 60;
const MINUTE_MS = 60_000;

const scene = await stage();
const processes = await Promise.all([1, 2, 3].map(() => spawnAi({ ...scene.config, GEMINI_RPM: LIMIT })));
const clients = processes.map((one) => scene.client(one));
let refusals = 0;

async function ask(index: number): Promise<void> {
  const asking = clients[index % clients.length];
  try {
    await answer((asking ?? scene.client({ port: 0 })).generate(request({ chargeKey: `bot:${index}` })));
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "ai_rate_minute")) throw error;
    refusals++;
    await pause(Math.max(0, Number(error.params["retry_at_unix_ms"]) - Date.now()));
    await ask(index);
  }
}

const since = performance.now();
await Promise.all(Array.from({ length: REQUESTS }, (_, index) => ask(index)));
const arrivals = scene.google.seen.map(({ at }) => at);
const figures = {
  answered: arrivals.length,
  refusals,
  seconds: Math.round((performance.now() - since) / 1_000),
  busiestMinute: busiestWindow(arrivals, MINUTE_MS),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await Promise.all(processes.map((one) => one.stop()));
await scene.close();
if (figures.busiestMinute > LIMIT || figures.answered !== REQUESTS) process.exitCode = 1;
