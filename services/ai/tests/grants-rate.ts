import { ensureStream, jetStreamEventStore, logClock } from "@botfactory/event-store";
import { freshNats } from "@botfactory/infrastructure";
import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { connect } from "nats";
import { v7 as newReservationId } from "uuid";
import type { QuotaLimits } from "../src/domain/ledger.ts";
import { ALLOWANCE_MATTERS_MS, ledgerStart, QUOTA_MATTERS_MS } from "../src/ledger-start.ts";
import { ledgers, QUOTAS_STREAM } from "../src/ledgers.ts";
import { limitsOf } from "../src/quota-limits.ts";

// npm run quota:rate: how fast a ledger grants, and how long a new process reads it. 16 workers on 4 replicas ask one by
// one for 1,500 calls, on a log that syncs every append.
const [LIMIT, REPLICAS, WORKERS, OWNERS] = [1_500, 4, 16, 40];
const MODEL = "rate";
const limits = limitsOf({ GEMINI_RPM: LIMIT, GEMINI_RPD: LIMIT });

const server = await freshNats();
const closing: (() => unknown)[] = [];

async function replica(own: QuotaLimits = limits) {
  const nats = await connect({ servers: server.url });
  await ensureStream(nats, QUOTAS_STREAM);
  const stream = QUOTAS_STREAM.name;
  const clock = await logClock(nats, stream);
  const now = () => Number(clock.nowUnixMs());
  closing.push(
    () => clock.close(),
    () => nats.close(),
  );
  return {
    now,
    ...ledgers({
      store: jetStreamEventStore(nats, { stream }),
      startOf: {
        quota: ledgerStart(nats, { stream, now, mattersMs: QUOTA_MATTERS_MS }),
        allowance: ledgerStart(nats, { stream, now, mattersMs: ALLOWANCE_MATTERS_MS }),
      },
      limits: own,
      now,
      onWrongClock: () => clock.synchronize(),
    }),
  };
}

type Replica = Awaited<ReturnType<typeof replica>>;

function reserve({ of, now }: Replica, index: number) {
  const [reservationId, chargeKey] = [newReservationId(), `bot:${index}`];
  const reservation = create(ReservationSchema, {
    reservationId,
    chargeKey,
    ownerId: `owner${index % OWNERS}`,
    botId: "b",
  });
  return of("p", MODEL).reserve({
    reservation,
    messagesADay: 10_000,
    giveUpAt: now() + 30_000,
    signal: new AbortController().signal,
  });
}

const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => replica()));
const replicaOf = (index: number) => {
  const one = replicas[index % REPLICAS];
  if (one === undefined) throw new Error("no replica");
  return one;
};
let asked = 0;
let granted = 0;
async function work(one: Replica): Promise<void> {
  while (asked < 2 * LIMIT) {
    const decision = await reserve(one, asked++);
    if ("refused" in decision) return;
    granted += 1;
  }
}
const since = performance.now();
await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(replicaOf(index))));
const ms = performance.now() - since;
const figures = {
  granted,
  limit: LIMIT,
  workers: WORKERS,
  replicas: REPLICAS,
  grantsPerSecond: Math.round((1_000 * granted) / ms),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
for (const close of closing) await close();
await server.stop();
if (granted !== LIMIT) process.exitCode = 1;
