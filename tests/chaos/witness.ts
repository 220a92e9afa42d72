import type { LedgerEntry } from "@botfactory/simulator";
import { connect } from "nats";
import { type CheckOptions, check, type Report } from "./checker.ts";
import type { StormStack } from "./storm-stack.ts";

const LOOK_EVERY_MS = 2_000;

/** Reads the ledger as it grows, from now on. */
export async function ledgerReader({ telegram }: StormStack) {
  const begun = (await telegram.ledger()).at(-1)?.seq ?? 0;
  const entries: LedgerEntry[] = [];
  return async () => {
    entries.push(...(await telegram.ledger({ since: entries.at(-1)?.seq ?? begun })));
    return entries;
  };
}

export interface Waiting {
  readonly read: () => Promise<readonly LedgerEntry[]>;
  readonly withinMs: number;
  readonly options: () => CheckOptions;
  readonly tell: (report: Report) => void;
}

/** Waits until every posted update has its end and the queue is empty, or until the time is over; then judges. */
export async function judged(storm: StormStack, { read, withinMs, options, tell }: Waiting): Promise<Report> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const report = check(await read(), options());
    const isOver = report.lost.length + report.unknown.length === 0;
    if ((isOver && (await nothingWaits(storm)) && (await nothingIsLeft(storm))) || Date.now() > deadline)
      return check(await read(), { ...options(), isQuarantined: await quarantined(storm) });
    tell(report);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Whether Telegram holds no update any more. */
async function nothingWaits({ telegram }: StormStack): Promise<boolean> {
  return (await telegram.bots()).every(({ pendingUpdates }) => pendingUpdates === 0);
}

/** Whether conversation's queue is empty: nothing waits that could still be said twice. */
async function nothingIsLeft({ log }: StormStack): Promise<boolean> {
  const nats = await connect({ servers: log.url });
  try {
    const { consumers } = await nats.jetstreamManager();
    const { num_pending: waiting, num_ack_pending: held } = await consumers.info("UPDATES", "conversation");
    return waiting + held === 0;
  } finally {
    await nats.close();
  }
}

/** The second witness: update ids of what was set aside for people, which the ledger need not show. */
async function quarantined({ log }: StormStack): Promise<(name: string) => boolean> {
  const nats = await connect({ servers: log.url });
  try {
    const ids = new Set<string>();
    const { streams } = await nats.jetstreamManager();
    const { state } = await streams.info("QUARANTINE");
    for (let seq = Math.max(1, state.first_seq); state.messages > 0 && seq <= state.last_seq; seq += 1) {
      const { data } = await streams.getMessage("QUARANTINE", { seq });
      ids.add(String(JSON.parse(new TextDecoder().decode(data)).update_id));
    }
    return (name) => ids.has(name.split("#")[1] ?? "");
  } finally {
    await nats.close();
  }
}
