import type { LedgerEntry } from "@botfactory/simulator";
import { type ChatHistory, chatHistories } from "./chat-history.ts";
import { type Double, excused, type Fault } from "./doubles.ts";
import { type Overtaking, overtakings } from "./order.ts";
import { type SettledChat, settleChat, type UpdateClass } from "./settle-chat.ts";

export type { Fault } from "./doubles.ts";

export interface CheckOptions {
  /** What was done to the processes that send: it excuses doubles, nothing else. */
  readonly faults?: readonly Fault[];
  /** Whether an unanswered update was set aside: the only thing the ledger may not show, since nobody must be told. */
  readonly isQuarantined?: (botAndUpdate: string) => boolean;
  /** How many texts the model wrote: those that nobody tried to send are wasted. */
  readonly modelAnswers?: number;
}

export interface Report {
  readonly updates: number;
  readonly classes: Readonly<Record<UpdateClass, number>>;
  /** Accepted with a 2xx and without any of the four classes. */
  readonly lost: readonly string[];
  readonly duplicated: readonly Double[];
  readonly outOfOrder: readonly Overtaking[];
  /** Posted, and Telegram still holds them. */
  readonly unknown: readonly string[];
  /** Said in a chat where nobody asked it. */
  readonly astray: readonly string[];
  /** Refusals counted for two or more updates at once, where the ledger cannot show that each was meant. */
  readonly refusedTogether: number;
  /** Posts without a 2xx, which Telegram repeated: when each began, and why. */
  readonly refusedPosts: readonly string[];
  readonly wastedModelCalls: number | undefined;
  /** From the last post Telegram made to the last answer, ms. */
  readonly drainMs: number;
  /** The longest anybody waited from the first post of a message to what answered it, ms. */
  readonly longestWaitMs: number;
}

/** Judges a whole run by what Telegram saw: the ledger of the simulator, and nothing of the product's own. */
export function check(ledger: readonly LedgerEntry[], options: CheckOptions = {}): Report {
  const { faults = [], isQuarantined = () => false, modelAnswers } = options;
  const histories = chatHistories(ledger);
  const chats = histories.map((history) => ({ ...settleChat(history), said: history.said }));
  const updates = chats.flatMap(({ chat, updates }) => updates.map((one) => ({ ...one, name: nameOf(chat, one) })));
  const fates = updates.map((one) =>
    one.fate === "lost" && isQuarantined(one.name) ? { ...one, fate: "quarantined" as const } : one,
  );
  const named = (fate: string) =>
    fates.filter((one) => one.fate === fate).map(({ name, asked }) => `${name} q${asked.marker}`);
  const count = (fate: UpdateClass) => named(fate).length;
  const repeats = chats.flatMap(({ chat, repeats }) => repeats.map((repeat) => ({ chat, repeat })));
  const worthwhile = new Set(
    chats.flatMap(({ chat, updates, said }) =>
      updates.flatMap(({ by }) => (by !== undefined && said[by]?.sentence === undefined ? [`${chat} ${by}`] : [])),
    ),
  ).size;
  return {
    updates: updates.length,
    classes: {
      answered: count("answered"),
      refused: count("refused"),
      undeliverable: count("undeliverable"),
      quarantined: count("quarantined"),
    },
    lost: named("lost"),
    duplicated: excused(repeats, faults),
    outOfOrder: chats.flatMap((chat) => overtakings(chat, chat.said)),
    unknown: named("unknown"),
    astray: chats.flatMap(({ chat, strangers }) => strangers.map((marker) => `${chat} q${marker}`)),
    refusedTogether: chats.reduce((sum, { refusedTogether }) => sum + refusedTogether, 0),
    refusedPosts: ledger.flatMap((entry) =>
      entry.kind === "delivery" && entry.outcome === "retried"
        ? [`${new Date(entry.at).toISOString()} ${entry.error}`]
        : [],
    ),
    wastedModelCalls: modelAnswers === undefined ? undefined : Math.max(0, modelAnswers - worthwhile),
    drainMs: drainOf(ledger),
    longestWaitMs: latest(chats.flatMap(waitsOf)),
  };
}

/** Whether a report meets the bar: nothing lost, unknown, astray or out of order, and no double without an excuse. */
export function meetsBar({ lost, outOfOrder, unknown, astray, duplicated }: Report): boolean {
  const faultless = [lost, outOfOrder, unknown, astray].every((found) => found.length === 0);
  return faultless && duplicated.every(({ excuse }) => excuse !== undefined);
}

function nameOf(chat: string, { asked }: { readonly asked: { readonly updateId: number } }): string {
  return `${chat}#${asked.updateId}`;
}

function waitsOf({ updates, said }: SettledChat & Pick<ChatHistory, "said">): readonly number[] {
  return updates.flatMap(({ asked, by }) => (by === undefined ? [] : [(said[by]?.at ?? asked.at) - asked.at]));
}

const latest = (times: readonly number[]) => times.reduce((last, at) => Math.max(last, at), 0);

function drainOf(ledger: readonly LedgerEntry[]): number {
  const posted = latest(ledger.flatMap((entry) => (entry.kind === "delivery" ? [entry.at] : [])));
  const said = latest(
    ledger.flatMap((entry) => (entry.kind === "call" && entry.method === "sendMessage" ? [entry.at] : [])),
  );
  return Math.max(0, said - posted);
}
