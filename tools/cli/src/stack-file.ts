import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DemoUser } from "@botfactory/infrastructure/demo";
import type { Stack } from "./stack.ts";

/** The directory of the local stack inside the checkout. */
export const STACK_DIRECTORY = ".botfactory";

const fileIn = (repository: string) => join(repository, STACK_DIRECTORY, "stack.json");

/** Writes where everything is, for scripts: the file is there exactly while the stack is ready. */
export async function writeStackFile(repository: string, stack: Stack, users: readonly DemoUser[]): Promise<void> {
  const { neighbours } = stack;
  const { url, realm, clientId, tokenEndpoint } = neighbours.keycloak;
  const content = {
    web: stack.web,
    ingress: stack.ingress,
    simulator: neighbours.simulator,
    gemini: neighbours.gemini,
    nats: neighbours.nats,
    natsMonitoring: neighbours.natsMonitoring,
    mongodb: neighbours.mongodb,
    keycloak: { url, realm, clientId, tokenEndpoint },
    users,
    pids: { stack: process.pid, ...Object.fromEntries(stack.processes.map(({ name, pid }) => [name, pid()])) },
  };
  await writeFile(fileIn(repository), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

/** What other programs need to know of a running stack. */
export interface RunningStack {
  readonly web: string;
  readonly ingress: string;
  /** Empty: Telegram's own. */
  readonly simulator: string;
  /** Empty: Google's own, or what the environment names. */
  readonly gemini: string;
  readonly nats: string;
  /** None where the NATS is somebody else's. */
  readonly natsMonitoring?: string | undefined;
  readonly mongodb: string;
  readonly keycloak: { readonly url: string; readonly realm: string };
  readonly pids: Readonly<Record<string, number>>;
}

/** The running stack's file, or nothing when none is ready. */
export async function readStackFile(repository: string): Promise<RunningStack | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(repository), "utf8"));
  } catch {
    return undefined;
  }
}

/** To be called before anything stops, so that no script reads of a stack that is going. */
export async function removeStackFile(repository: string): Promise<void> {
  await rm(fileIn(repository), { force: true });
}
