import type { Changes } from "./changes.ts";
import type { Json } from "./message.ts";

export interface CallEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: "call";
  /** From the token's digits; undefined when the token was malformed. The token itself is never kept. */
  readonly botId: number | undefined;
  readonly method: string;
  readonly payload: Json;
  readonly via: "http" | "webhook-reply";
  /** Who called, where the caller's API root says so: `<url>/via/<caller>`. */
  readonly caller?: string | undefined;
  /** Undefined when the caller got no answer (connection reset or hang). */
  readonly status: number | undefined;
  readonly response: unknown;
  /** True when Telegram's state changed, even if the caller never learned it. */
  readonly executed: boolean;
  readonly fault: string | undefined;
  readonly durationMs: number;
}

export interface DeliveryEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: "delivery";
  readonly botId: number;
  readonly updateId: number | undefined;
  readonly queue: string;
  readonly attempt: number;
  readonly url: string;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly outcome: "accepted" | "retried" | "given-up" | "forced";
  /** The wait before the next attempt; undefined when there is none. */
  readonly retryInMs: number | undefined;
  readonly durationMs: number;
  /** The message in the update, for who judges by the ledger alone; absent for other updates. */
  readonly message?: PostedMessage | undefined;
}

/** As much of a posted message as tells which it is. */
export interface PostedMessage {
  readonly kind: string;
  readonly chatId: number;
  readonly messageId: number;
  /** Its first 200 characters. */
  readonly text: string;
}

export type LedgerEntry = CallEntry | DeliveryEntry;
type Unnumbered<T> = T extends unknown ? Omit<T, "seq" | "kind"> : never;

export interface LedgerFilter {
  readonly since?: number | undefined;
  readonly kind?: "call" | "delivery" | undefined;
  readonly botId?: number | undefined;
  readonly method?: string | undefined;
}

// Long benches must not end in an out-of-memory error of the witness.
const LIMIT = 500_000;

export type Ledger = ReturnType<typeof ledger>;

export function ledger(changes: Changes) {
  let entries: LedgerEntry[] = [];
  let seq = 0;

  function add(entry: LedgerEntry): void {
    entries.push(entry);
    if (entries.length > LIMIT) entries = entries.slice(LIMIT / 10);
    changes.emit({ kind: "ledger", botId: entry.botId });
  }

  const matches = (filter: LedgerFilter) => (entry: LedgerEntry) =>
    (filter.since === undefined || entry.seq > filter.since) &&
    (filter.kind === undefined || entry.kind === filter.kind) &&
    (filter.botId === undefined || entry.botId === filter.botId) &&
    (filter.method === undefined ||
      (entry.kind === "call" && entry.method.toLowerCase() === filter.method.toLowerCase()));

  return {
    call: (entry: Unnumbered<CallEntry>) => add({ seq: ++seq, kind: "call", ...entry }),
    delivery: (entry: Unnumbered<DeliveryEntry>) => add({ seq: ++seq, kind: "delivery", ...entry }),
    read: (filter: LedgerFilter = {}) => entries.filter(matches(filter)),
    clear: () => {
      entries = [];
    },
  };
}
