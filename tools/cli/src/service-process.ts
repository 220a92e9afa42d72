import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { boundToParent, givingWay, NICENESS } from "@botfactory/infrastructure";

export const SERVICES = ["bots", "ai", "conversation", "ingress", "web"] as const;
export type ServiceName = (typeof SERVICES)[number];

/**
 * V8 lets the heap grow by a factor that follows its limit, and takes a share of the machine's memory for the limit unless
 * told: on a large machine the services took twice as much. In a container Node reads the container's own limit.
 */
export const HEAP_LIMIT = "--max-old-space-size=512";
const LAST_LINES = 20;
const NICE: Readonly<Partial<Record<ServiceName, number>>> = { ai: NICENESS.turns, conversation: NICENESS.turns };

export interface ServiceOptions {
  readonly name: ServiceName;
  /** Counts from 1; the log file of the first replica carries the bare name. */
  readonly replica: number;
  /** The checkout whose service runs from the next start on. */
  readonly checkout: () => string;
  readonly logs: string;
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  readonly adminPort: number;
  /** Options of node itself, such as an export condition. A bundle has them fixed, so the service then runs as modules. */
  readonly nodeOptions?: readonly string[];
}

export interface ServiceProcess {
  readonly name: ServiceName;
  readonly port: number;
  readonly adminPort: number;
  readonly logFile: string;
  pid(): number | undefined;
  /** Resolves when /readyz answers 200; rejects with the end of the log when the process ends first. */
  ready(): Promise<void>;
  /** `more` holds for this start only. */
  start(more?: NodeJS.ProcessEnv): Promise<void>;
  /** Sends the signal and resolves when the process is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Calls back when the process ends without having been asked to. */
  onCrash(callback: (code: string) => void): void;
}

/** What node runs, from the repository: the service in one file, as in production, or as the modules it is made of. */
export function serviceProgram(name: ServiceName, made: "bundle" | "modules" = "bundle"): string {
  return join("services", name, made === "bundle" ? "bundle" : "dist", "main.js");
}

/** One service as its own process, started as in production. */
export function serviceProcess(options: ServiceOptions): ServiceProcess {
  const { name, replica, port, adminPort, nodeOptions = [] } = options;
  const logFile = join(options.logs, replica === 1 ? `${name}.log` : `${name}-${replica}.log`);
  const crashCallbacks: ((code: string) => void)[] = [];
  let child: ChildProcess | undefined;
  let asked = false;

  async function start(more: NodeJS.ProcessEnv = {}): Promise<void> {
    await mkdir(options.logs, { recursive: true });
    asked = false;
    const main = serviceProgram(name, nodeOptions.length === 0 ? "bundle" : "modules");
    child = spawn(
      ...boundToParent(...givingWay(NICE[name] ?? 0, process.execPath, [HEAP_LIMIT, ...nodeOptions, main])),
      {
        cwd: options.checkout(),
        env: { ...options.env, ...more, OTEL_SERVICE_NAME: name, PORT: `${port}`, ADMIN_PORT: `${adminPort}` },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once("exit", (code, signal) => {
      log.end();
      if (!asked) for (const callback of crashCallbacks) callback(`${signal ?? code}`);
    });
    await once(child, "spawn");
  }

  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    name,
    port,
    adminPort,
    logFile,
    start,
    pid: () => (alive() ? child?.pid : undefined),
    onCrash: (callback) => crashCallbacks.push(callback),
    async ready() {
      while (!(await answersReady(adminPort))) {
        if (!alive())
          throw new Error(`${name} ended before it was ready; ${logFile} ends with\n${await endOf(logFile)}`);
        await delay(100);
      }
    },
    async end(signal = "SIGTERM") {
      asked = true;
      if (child === undefined || !alive()) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

async function endOf(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, "utf8").catch(() => "nothing")).trimEnd().split("\n");
  return lines.slice(-LAST_LINES).join("\n");
}

async function answersReady(adminPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).ok;
  } catch {
    return false;
  }
}
