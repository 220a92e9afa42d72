import { ensureStream, jetStreamEventStore } from "@botfactory/event-store";
import { freshNats } from "@botfactory/infrastructure";
import {
  CallOutcome,
  CallSettledSchema,
  CallsReservedSchema,
  ReservationSchema,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { connect } from "nats";
import { allowanceCodec, allowanceSubject } from "../src/allowances.ts";
import { allowance, evolveAllowance, unspent } from "../src/domain/allowance.ts";
import { evolveLedger } from "../src/domain/evolve-ledger.ts";
import { emptyLedger, type QuotaFact } from "../src/domain/ledger.ts";
import { ledgerLog } from "../src/ledger-log.ts";
import { ALLOWANCE_MATTERS_MS, ledgerStart, QUOTA_MATTERS_MS } from "../src/ledger-start.ts";
import { QUOTAS_STREAM, quotaCodec } from "../src/ledgers.ts";
import { limitsOf } from "../src/quota-limits.ts";

// npm run quota:load: how long a new process reads ledgers of 100,000 events, all of today, and how big they are then.
const EVENTS = Number(process.env["EVENTS"] ?? 100_000);
const AT_ONCE = 500;
const limits = limitsOf({ GEMINI_RPM: 60, GEMINI_RPD: 1_000_000 });
const HOUR_MS = 3_600_000;
const QUOTA = "quotas.p.m";
const OWNER = allowanceSubject("premium");

const server = await freshNats();
const nats = await connect({ servers: server.url });
await ensureStream(nats, QUOTAS_STREAM);
const store = jetStreamEventStore(nats, { stream: QUOTAS_STREAM.name });

let [ofQuota, ofOwner] = [0, 0];
let spent = unspent;
for (let from = 0; from < EVENTS; from += AT_ONCE) {
  const quotaFacts = Array.from({ length: AT_ONCE }, (_, index) => quotaFact(from + index));
  const charges = Array.from({ length: AT_ONCE }, (_, index) => charge(`bot:${from + index}`));
  const appends = [
    { subject: QUOTA, expectedSequence: ofQuota, events: quotaFacts.map((fact) => quotaCodec.encode(fact)) },
    { subject: OWNER, expectedSequence: ofOwner, events: charges.flat().map((fact) => allowanceCodec.encode(fact)) },
  ];
  [ofQuota = 0, ofOwner = 0] = await store.append(appends);
}

function quotaFact(index: number): QuotaFact {
  const [reservationId, at] = [`r${index >> 1}`, BigInt(Date.now())];
  if (index % 2 === 0) {
    const reservation = create(ReservationSchema, {
      reservationId,
      chargeKey: reservationId,
      ownerId: "o",
      botId: "b",
    });
    return {
      case: "callsReserved",
      value: create(CallsReservedSchema, { reservations: [reservation], reservedAtUnixMs: at }),
    };
  }
  const value = create(CallSettledSchema, {
    reservationId,
    outcome: CallOutcome.ANSWERED,
    // Seen long ago, so that the window stays as small as it is in production.
    seenByUnixMs: at,
    settledAtUnixMs: at,
  });
  return { case: "callSettled", value };
}

function charge(key: string) {
  const facts = allowance.decide({ atUnixMs: Date.now(), charge: [key], giveBack: [], messagesADay: undefined }, spent);
  spent = facts.reduce(allowance.evolve, spent);
  return facts;
}

async function load(name: string, laterMs: number): Promise<void> {
  const stream = QUOTAS_STREAM.name;
  const now = () => Date.now() + laterMs;
  const own = { store: jetStreamEventStore(nats, { stream }) };
  const quotas = ledgerLog({
    ...own,
    codec: quotaCodec,
    initial: emptyLedger,
    evolve: (ledger, fact, storedAt) => evolveLedger({ ...limits, windowMs: 10 }, ledger, { fact, storedAt }),
    startOf: ledgerStart(nats, { stream, now, mattersMs: QUOTA_MATTERS_MS }),
  });
  const allowances = ledgerLog({
    ...own,
    codec: allowanceCodec,
    initial: unspent,
    evolve: (state, fact, storedAt) => evolveAllowance(limits, state, { fact, storedAt }),
    startOf: ledgerStart(nats, { stream, now, mattersMs: ALLOWANCE_MATTERS_MS }),
  });
  const since = performance.now();
  const { state: ledger } = await quotas.load(QUOTA);
  const quotaMs = Math.round(performance.now() - since);
  const again = performance.now();
  const { state: owner } = await allowances.load(OWNER);
  const allowanceMs = Math.round(performance.now() - again);
  const keys = owner.keys.recent.size + owner.keys.older.size;
  const figures = {
    name,
    events: EVENTS,
    quotaMs,
    calls: ledger.open.length + ledger.ended.length,
    allowanceMs,
    charged: owner.charged,
    keys,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

await load("all written within the hour", 0);
await load("two hours later", 2 * HOUR_MS);
await load("two days later", 48 * HOUR_MS);
await nats.close();
await server.stop();
