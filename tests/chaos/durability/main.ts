import { ensureStream } from "@botfactory/event-store";
import { freshNats, type NatsSync, startNatsCluster } from "@botfactory/infrastructure";
import { connect, type NatsConnection } from "nats";
import { countSyncs } from "./count-syncs.ts";

/**
 * `make chaos-durability`: counts the kernel's sync calls of NATS while messages are published and acknowledged. It stands
 * in for pulling the plug, which a program cannot do: what was never synced is what a power cut takes.
 */
const MESSAGES = Number(process.env["N"] ?? 500);
const IN_FLIGHT = 64;
// Timers of the server sync what has nothing to do with a publish.
const FEW = 20;

interface Measured {
  readonly acknowledged: number;
  readonly syncs: number;
  readonly perSecond: number;
}

async function publish(nats: NatsConnection, inFlight: number): Promise<void> {
  const js = nats.jetstream();
  let left = MESSAGES;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await js.publish("facts.one", new Uint8Array(300));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

async function measured(at: { pids: readonly number[]; url: string; copies: number }, inFlight: number) {
  const nats = await connect({ servers: at.url.split(",") });
  await retried(() => ensureStream(nats, { name: "FACTS", subjects: ["facts.*"], replicas: at.copies }));
  await publish(nats, 1);
  let ms = 0;
  const syncs = await countSyncs(at.pids, async () => {
    const begun = performance.now();
    await publish(nats, inFlight);
    ms = performance.now() - begun;
  });
  await nats.close();
  const perSecond = Math.round((MESSAGES / ms) * 1_000);
  return { acknowledged: MESSAGES, syncs, perSecond } satisfies Measured;
}

async function retried<T>(work: () => Promise<T>, tries = 30): Promise<T> {
  return work().catch(async (error) => {
    if (tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return retried(work, tries - 1);
  });
}

async function onOneServer(sync: NatsSync, inFlight: number): Promise<Measured> {
  const server = await freshNats({ sync });
  try {
    if (server.pid === undefined) throw new Error("needs a NATS that is a process of this machine, not a container");
    return await measured({ pids: [server.pid], url: server.url, copies: 1 }, inFlight);
  } finally {
    await server.stop();
  }
}

async function onThreeServers(inFlight: number): Promise<Measured> {
  const cluster = await startNatsCluster();
  try {
    const pids = cluster.servers.flatMap((server) => server.pid() ?? []);
    return await measured({ pids, url: cluster.url, copies: 3 }, inFlight);
  } finally {
    await cluster.stop();
  }
}

const findings: string[] = [];
function judge(what: string, { acknowledged, syncs, perSecond }: Measured, holds: boolean): void {
  const verdict = holds ? "as it must be" : "NOT AS IT MUST BE";
  process.stdout.write(
    `${what}: ${acknowledged} acknowledged, ${syncs} syncs (${perSecond}/s under strace): ${verdict}\n`,
  );
  if (!holds) findings.push(what);
}

const alone = await onOneServer("always", 1);
judge("always, one by one", alone, alone.syncs >= MESSAGES);
const together = await onOneServer("always", IN_FLIGHT);
judge(`always, ${IN_FLIGHT} in flight`, together, together.syncs >= MESSAGES / IN_FLIGHT);
const lazy = await onOneServer("2m", 1);
judge("every two minutes, one by one", lazy, lazy.syncs <= FEW);
const three = await onThreeServers(1);
// A majority of the three has it on the disk before the answer.
judge("always, three copies, one by one", three, three.syncs >= 2 * MESSAGES);
if (findings.length > 0) throw new Error(`not as it must be: ${findings.join(", ")}`);
