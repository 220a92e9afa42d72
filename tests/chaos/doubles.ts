import type { Repeat, RepeatedPair } from "./settle-chat.ts";

/** Something done to one process: killed at a moment, or held (stopped, cut off from the log) for a while. */
export interface Fault {
  readonly kind: "kill" | "stop" | "cut";
  /** The name by which the process shows itself in the ledger. */
  readonly process: string;
  /** Unix ms. */
  readonly at: number;
  /** When it went on; for a kill the same as `at`. */
  readonly until: number;
}

export interface Double {
  readonly chat: string;
  readonly markers: readonly number[];
  readonly firstAt: number;
  readonly secondAt: number;
  /** What excuses it, if anything does. */
  readonly excuse: Fault | undefined;
  /**
   * Whether the excuse hit the first sender between Telegram's acceptance and the note of it, which is the crash point
   * `wrk.afterSend`; otherwise the second sender was held while the first one took over.
   */
  readonly isAfterSend: boolean;
}

// The call of a process that is gone is still carried out if it was on its way; clocks of ledger and killer are one. Its
// successor of the same name has no time to send within that: a start alone takes longer.
const ON_ITS_WAY_MS = 500;
// The note of an answer follows it at once, or when the log is back (killed: 3 s and a start) or the sender goes on
// (stopped: 8 s).
const NOTED_WITHIN_MS = 15_000;

/**
 * Excuses a double by the rule of the promise: the process that sent first was hit after it had sent, before anything
 * else was said in that chat and as long as it may not have been noted, and the repeat came after that. A process held
 * while it sends may itself be the second. One fault excuses one double a chat.
 */
export function excused(
  doubles: readonly { readonly chat: string; readonly repeat: Repeat }[],
  faults: readonly Fault[],
): readonly Double[] {
  const used = new Set<string>();
  return doubles.map(({ chat, repeat }) => {
    const found = repeat.flatMap((pair) => {
      const excuse = faults.find((fault) => !used.has(keyOf(chat, fault)) && excuses(fault, pair));
      return excuse === undefined ? [] : [{ pair, excuse }];
    });
    const [{ pair, excuse }] = [...found, { pair: repeat[0], excuse: undefined }];
    if (excuse !== undefined) used.add(keyOf(chat, excuse));
    const isAfterSend = excuse !== undefined && hitFirst(excuse, pair);
    const { said, of = said } = pair;
    return { chat, markers: said.markers, firstAt: of.at, secondAt: said.at, excuse, isAfterSend };
  });
}

function keyOf(chat: string, { process, at }: Fault): string {
  return `${chat} ${process} ${at}`;
}

function excuses(fault: Fault, pair: RepeatedPair): boolean {
  return hitFirst(fault, pair) || heldSecond(fault, pair);
}

/** The chat goes on (`next`) only when the log has the first one's end. */
function hitFirst({ process, at }: Fault, { said, of: first = said, next = said }: RepeatedPair): boolean {
  const isAfter = first.at <= at + ON_ITS_WAY_MS;
  return process === first.caller && isAfter && at <= Math.min(next.at, first.at + NOTED_WITHIN_MS);
}

function heldSecond({ kind, process, at, until }: Fault, { said, of: first = said }: RepeatedPair): boolean {
  return kind !== "kill" && process === said.caller && at <= first.at && said.at <= until + ON_ITS_WAY_MS;
}
