import { says } from "./gemini-script.ts";
import { spawnAi } from "./spawn-ai.ts";
import { answer, request, stage } from "./stage.ts";

// npm run fairness: what five quiet owners wait, alone and beside an owner who sends a hundred messages a second. Two
// processes, 60 calls in a window of 6 s (as in a minute, ten times as fast), a model that takes 300 ms.
process.env["MONGODB_URL"] ??= "mongodb://127.0.0.1:9/none";
const [PROCESSES, QUIET_OWNERS, QUIET_EVERY_MS, FLOOD_EVERY_MS] = [2, 5, 6_000, 10];
const SECONDS = Number(process.env["SECONDS"] ?? 60);
const ROUNDS = Number(process.env["ROUNDS"] ?? 1);
const MODEL_MS = 300;
const limits = {
  callsAWindow: 60,
  windowMs: 6_000,
  callsADay: 1_000_000,
  longestCallMs: 10_000,
  beginWithinMs: 5_000,
  clockErrorMs: 250,
};

const scene = await stage();
scene.google.always(async (response, incoming) => {
  await new Promise((resolve) => setTimeout(resolve, MODEL_MS));
  await says("yes")(response, incoming);
});
const processes = await Promise.all(Array.from({ length: PROCESSES }, () => spawnAi(scene.config, { limits })));
const clients = processes.map((one) => scene.client(one));
let asked = 0;

/** How long it took, ms, and how it ended. */
async function ask(ownerId: string) {
  const asking = clients[asked++ % PROCESSES];
  if (asking === undefined) throw new Error("no client");
  const since = performance.now();
  const parts = await answer(asking.generate(request({ ownerId, model }))).then(
    ({ parts }) => parts,
    () => [],
  );
  const hasWaited = parts.some((part) => part.case === "quotaWait");
  return { ms: performance.now() - since, isAnswered: parts.length > 0, hasWaited };
}

/** Asks every so often until the time is over, whatever became of what was asked before. */
async function every(ms: number, task: () => Promise<void>): Promise<void> {
  const underWay: Promise<void>[] = [];
  await new Promise<void>((end) => {
    const timer = setInterval(() => underWay.push(task()), ms);
    setTimeout(() => {
      clearInterval(timer);
      end();
    }, SECONDS * 1_000);
  });
  await Promise.all(underWay);
}

type Asked = Awaited<ReturnType<typeof ask>>;
let model = "";
async function round(name: string, isFlooded: boolean) {
  // A window of its own for each round.
  model = `gemini-${name}`;
  const quiet: Asked[] = [];
  const flood: Asked[] = [];
  const owners = Array.from({ length: QUIET_OWNERS }, (_, index) => `quiet${index}`);
  await Promise.all([
    every(QUIET_EVERY_MS / QUIET_OWNERS, async () => void quiet.push(await ask(owners[asked % QUIET_OWNERS] ?? ""))),
    isFlooded ? every(FLOOD_EVERY_MS, async () => void flood.push(await ask("flood"))) : undefined,
  ]);
  const times = quiet.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.floor(share * times.length)] ?? 0);
  const figures = {
    round: name,
    quiet: {
      asked: quiet.length,
      refused: quiet.filter((one) => !one.isAnswered).length,
      madeToWait: quiet.filter((one) => one.hasWaited).length,
      p50: at(0.5),
      p95: at(0.95),
    },
    flood: { asked: flood.length, answered: flood.filter((one) => one.isAnswered).length },
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  return figures.quiet.p95;
}

for (let number = 1; number <= ROUNDS; number++) {
  const alone = await round(`alone-${number}`, false);
  const beside = await round(`beside-${number}`, true);
  process.stdout.write(`${JSON.stringify({ p95Ratio: Number((beside / alone).toFixed(2)) })}\n`);
}
await Promise.all(processes.map((one) => one.kill()));
await scene.close();
