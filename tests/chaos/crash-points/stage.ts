import type { CrashPoint } from "@botfactory/crash-points";
import { MongoClient } from "mongodb";
import { type ConnectedBot, choosePlan, connectBot } from "../../e2e/support/bots.ts";
import { type EventLog, openEventLog } from "../../e2e/support/event-log.ts";
import type { Owner } from "../../e2e/support/people.ts";
import { startTestStack, type TestStack } from "../../e2e/support/test-stack.ts";
import { until } from "../../e2e/support/until.ts";

type ServiceName = Parameters<TestStack["replicasOf"]>[0];

/** One product under the condition of chaos: its crash points kill where a process is told so. */
export interface Stage {
  readonly stack: TestStack;
  readonly log: EventLog;
  readonly database: MongoClient;
  /** Who talks to bots. */
  readonly bot: ConnectedBot;
  /** Who makes bots, beside the talk. */
  readonly maker: Owner;
  stop(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const stack = await startTestStack({
    env: { GEMINI_RPM: "100000", GEMINI_RPD: "1000000" },
    nodeOptions: ["--conditions=@botfactory/chaos"],
  });
  const [log, database] = await Promise.all([
    openEventLog(stack.neighbours.nats),
    MongoClient.connect(stack.databaseUrl),
  ]);
  const [talker, maker] = await Promise.all(["aziza", "boris"].map((name) => stack.people.owner(name)));
  if (talker === undefined || maker === undefined) throw new Error("the demo realm has two owners");
  await choosePlan(stack, talker, "premium");
  await choosePlan(stack, maker, "premium");
  return {
    stack,
    log,
    database,
    bot: await connectBot(stack, talker),
    maker: lasting(stack, maker),
    async stop() {
      await database.close();
      await log.close();
      await stack.stop();
    },
  };
}

// Keycloak's tokens live five minutes.
const TOKEN_SERVES_MS = 2 * 60_000;

/** The owner with a token that is renewed. */
function lasting({ people }: TestStack, owner: Owner): Owner {
  let [now, since] = [owner, Date.now()];
  return {
    ...owner,
    async call<T>(...request: Parameters<Owner["call"]>) {
      if (Date.now() - since > TOKEN_SERVES_MS) [now, since] = [await people.owner(owner.username), Date.now()];
      return now.call<T>(...request);
    },
  };
}

const DIES_WITHIN_MS = 60_000;

/** A process that died at a point and has not been started again. */
export interface Dead {
  readonly at: number;
  revive(): Promise<void>;
}

/** Arms the service's process, does what leads it to the point, and resolves when it has died there by SIGKILL. */
export async function killedAt(
  { stack, maker }: Stage,
  { service, point }: { readonly service: ServiceName; readonly point: CrashPoint },
  lead: () => Promise<unknown>,
): Promise<Dead> {
  const [process] = stack.replicasOf(service);
  if (process === undefined) throw new Error(`no process of ${service}`);
  await process.end();
  let cause: string | undefined;
  process.onCrash((code) => {
    cause = code;
  });
  const start = async (env: NodeJS.ProcessEnv) => {
    await process.start(env);
    await process.ready();
    // The console's connection comes back by itself, within two seconds.
    if (service === "bots")
      await until("web reaches bots", async () => (await maker.call("GET", "/bots")).status === 200);
  };
  await start({ CRASH_AT: `${point}:1` });
  // What the process was asked for ends with it, and badly: that is no failure of the test.
  const leading = lead().catch(() => undefined);
  try {
    const died = await until(`${service} dies at ${point}`, async () => cause, DIES_WITHIN_MS);
    if (died !== "SIGKILL") throw new Error(`${service} ended by ${died} instead of dying at ${point}`);
  } catch (error) {
    // The next case must not meet a process that is armed for this one.
    await process.end("SIGKILL");
    await start({});
    throw error;
  }
  await leading;
  return { at: Date.now(), revive: () => start({}) };
}
