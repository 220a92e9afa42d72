import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DEMO_USERS, seedDemo } from "@botfactory/infrastructure/demo";
import { pidFileIn, runningPid } from "./down.ts";
import type { ServiceProcess } from "./service-process.ts";
import { type Stack, startStack } from "./stack.ts";
import { removeStackFile, STACK_DIRECTORY, writeStackFile } from "./stack-file.ts";

const RESTART_AFTER_MS = 1_000;
const INTERRUPTED = 130;

/** `make up`: starts everything, says where it is, restarts what crashes, and stops all at Ctrl-C. */
export async function up(repository: string, say: (line: string) => void): Promise<void> {
  if ((await runningPid(repository)) !== undefined) throw new Error("BotFactory runs already: make down stops it");
  await mkdir(join(repository, STACK_DIRECTORY), { recursive: true });
  await writeFile(pidFileIn(repository), `${process.pid}\n`);
  await removeStackFile(repository);
  if (existsSync(join(repository, ".env"))) process.loadEnvFile(join(repository, ".env"));
  const stopping = new AbortController();
  let isUp = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // What has been started so far ends with this process.
    process.once(signal, () => (isUp ? stopping.abort() : process.exit(INTERRUPTED)));
  }
  const begun = performance.now();
  const progress = (line: string) =>
    say(`[${String(Math.round((performance.now() - begun) / 1000)).padStart(4)}s] ${line}`);

  progress("starting NATS, the database, Keycloak, Telegram and Gemini (first time: about 5 minutes; later: 20 s)");
  const directory = join(repository, STACK_DIRECTORY);
  const stack = await startStack({ repository, directory, ports: "usual", env: process.env, progress });
  isUp = true;
  try {
    const users = process.env["KEYCLOAK_URL"] ? [] : DEMO_USERS;
    if (users.length > 0) await seedDemo({ ...stack.neighbours, web: stack.web });
    const record = () => writeStackFile(repository, stack, users);
    await record();
    for (const service of stack.processes) keepAlive(service, { record, progress, stopping: stopping.signal });
    progress("ready");
    say(welcome(stack));
    if (!stopping.signal.aborted) await once(stopping.signal, "abort");
    progress("stopping: messages in work are finished first");
  } finally {
    await removeStackFile(repository);
    await stack.stop();
    await rm(pidFileIn(repository), { force: true });
  }
  progress("stopped");
}

/** Kubernetes restarts a container that dies; locally this does. */
function keepAlive(
  service: ServiceProcess,
  { record, progress, stopping }: { record(): Promise<void>; progress(line: string): void; stopping: AbortSignal },
): void {
  service.onCrash(async (code) => {
    if (stopping.aborted) return;
    progress(`${service.name} ended (${code}) and is started again; its log: ${service.logFile}`);
    await delay(RESTART_AFTER_MS);
    if (stopping.aborted) return;
    await service.start();
    await record();
  });
}

function welcome({ web, ingress, neighbours }: Stack): string {
  const { simulator, gemini } = neighbours;
  const people = DEMO_USERS.map(
    ({ username, password, role, plan }) => `  ${username} / ${password}  (${role}, ${plan})`,
  );
  return [
    "",
    `Console    ${web}`,
    `Telegram   ${simulator || "the real one"}${simulator && "  (chat page of the simulator)"}`,
    `Gemini     ${gemini ? `${gemini}  (stand-in; put GOOGLE_API_KEY into .env for the real one)` : (process.env["GEMINI_BASE_URL"] ?? "the real one")}`,
    `Webhooks   ${ingress}/telegram/webhook/<bot_id>`,
    `Keycloak   ${neighbours.keycloak.url}`,
    ...(process.env["KEYCLOAK_URL"] ? [] : ["Sign in as", ...people]),
    "Ctrl-C (or make down) stops everything; data stays in .botfactory",
    "",
  ].join("\n");
}
