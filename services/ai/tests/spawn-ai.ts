import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AiConfig } from "../src/config.ts";
import type { QuotaLimits } from "../src/domain/ledger.ts";

const PROGRAM = fileURLToPath(new URL("./ai-process.ts", import.meta.url));
const WRONG_CLOCK = new URL("./wrong-clock.ts", import.meta.url).href;

export interface AiProcess {
  readonly port: number;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
}

export interface SpawnOptions {
  readonly limits?: Partial<QuotaLimits>;
  /** Its clock is an hour ahead, or behind. */
  readonly clockIsOff?: "ahead" | "behind";
}

/** One ai service as a process of its own. */
export async function spawnAi(config: AiConfig, { limits = {}, clockIsOff }: SpawnOptions = {}): Promise<AiProcess> {
  const settings = Object.entries(config).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const preloads = clockIsOff === undefined ? [] : ["--import", WRONG_CLOCK];
  const run = ["--conditions=@botfactory/source", "--import", "tsx", ...preloads, PROGRAM];
  const child = spawn(process.execPath, run, {
    env: {
      ...(clockIsOff && { CLOCK_IS_OFF: clockIsOff }),
      PATH: process.env["PATH"],
      ...Object.fromEntries(settings),
      LIMITS: JSON.stringify(limits),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  return { port: await portOf(child), kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const said: unknown = JSON.parse(line);
    if (typeof said === "object" && said !== null && "port" in said && typeof said.port === "number") return said.port;
  }
  throw new Error("the ai process ended before it was ready");
}
