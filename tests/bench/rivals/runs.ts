import { createInterface } from "node:readline";
import { say } from "./settings.ts";

/** Runs one action over and over as each line of stdin asks (`{ atOnce, ms }`), and answers with its rate and times. */
export function answerRuns(act: () => Promise<void>): void {
  createInterface(process.stdin).on("line", (line) => {
    const { atOnce, ms } = JSON.parse(line) as { atOnce: number; ms: number };
    void run(act, atOnce, ms).then(say);
  });
  say({ port: 0 });
}

async function run(act: () => Promise<void>, atOnce: number, ms: number) {
  const begun = performance.now();
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let from = performance.now(); from - begun < ms; from = performance.now()) {
        await act();
        times.push(performance.now() - from);
      }
    }),
  );
  const aSecond = (times.length * 1000) / (performance.now() - begun);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
  return { aSecond, p50: at(0.5), p99: at(0.99), count: times.length };
}
