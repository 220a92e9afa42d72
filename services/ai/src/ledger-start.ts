import { DomainError } from "@botfactory/decider";
import { type MessageQuery, storedMessage } from "@botfactory/event-store";
import type { NatsConnection } from "nats";

/** The sequence after which a ledger's history still matters. */
export type LedgerStart = (subject: string) => Promise<number>;

const HOUR_MS = 3_600_000;
/** A Pacific day and a call's length: nothing older can change a decision of a project's ledger. */
export const QUOTA_MATTERS_MS = 26 * HOUR_MS;
/** Each event of an allowance tells how much is spent; those before it tell for which keys, in case one is asked for again. */
export const ALLOWANCE_MATTERS_MS = HOUR_MS;

export interface LedgerStartOptions {
  readonly stream: string;
  readonly now: () => number;
  readonly mattersMs: number;
}

/** A ledger is never read from its beginning: years of calls would stand between a new process and its first answer. */
export function ledgerStart(nats: NatsConnection, { stream, now, mattersMs }: LedgerStartOptions): LedgerStart {
  const manager = nats.jetstreamManager({ checkAPI: false });

  const find = async (query: MessageQuery) => {
    const streams = await manager;
    try {
      return (await storedMessage(streams, stream, query))?.seq;
    } catch (error) {
      throw new DomainError("unavailable", "unavailable", { cause: error });
    }
  };

  return async (subject) => {
    // In this order: what others write between the two questions must still be read.
    const last = await find({ last_by_subj: subject });
    const start_time = new Date(now() - mattersMs).toISOString();
    const first = await find({ start_time, next_by_subj: subject });
    // The last one is read in any case.
    return Math.max(0, (first ?? last ?? 0) - 1);
  };
}
