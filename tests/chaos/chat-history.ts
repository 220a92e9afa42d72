import type { CallEntry, DeliveryEntry, LedgerEntry } from "@botfactory/simulator";
import { type Sentence, sentenceIn } from "./refusal-sentences.ts";

/** A message somebody posted, as the ledger knows it. */
export interface Asked {
  readonly updateId: number;
  readonly messageId: number;
  /** The number the text carries; the model's stand-in repeats it. */
  readonly marker: number;
  /** Never one turn with another message. */
  readonly isAlone: boolean;
  /** Telegram has had a 2xx for it. */
  readonly isAccepted: boolean;
  /** When it was first posted, ms. */
  readonly at: number;
}

/** A message the bot sent, or tried to. */
export interface Said {
  /** Every posted message whose answer it is; empty for a sentence of the product. */
  readonly markers: readonly number[];
  readonly sentence: Sentence | undefined;
  /** The message it visibly answers; 0 where it shows none. */
  readonly replyTo: number;
  /** Taken by Telegram; otherwise refused for good. */
  readonly isDelivered: boolean;
  readonly at: number;
  readonly caller: string;
}

/** One chat of one bot: what was asked in Telegram's order, what was said in the order Telegram took it. */
export interface ChatHistory {
  readonly chat: string;
  readonly asked: readonly Asked[];
  readonly said: readonly Said[];
}

const MARKER = /\bq(\d+)\b/g;
/** What Telegram will never take, however often it is tried. */
const FOR_GOOD = [400, 403];

/** The text of a message the checker will know again. */
export function markedText(marker: number, words = "tell me more"): string {
  return `q${marker} ${words}`;
}

/** The numbers a text carries, in its order, each once. */
export function markersIn(text: string): readonly number[] {
  return [...new Set([...text.matchAll(MARKER)].map(([, digits]) => Number(digits)))];
}

/** Sorts a ledger into chats. Posts without a marker and calls that say nothing are left out. */
export function chatHistories(ledger: readonly LedgerEntry[]): readonly ChatHistory[] {
  const chats = new Map<string, { asked: Map<number, Asked>; said: Said[] }>();
  const chatOf = (botId: number | undefined, chatId: unknown) => {
    const chat = `${botId}/${chatId}`;
    const known = chats.get(chat) ?? { asked: new Map<number, Asked>(), said: [] as Said[] };
    chats.set(chat, known);
    return known;
  };
  for (const entry of ledger) {
    if (entry.kind === "delivery") {
      const asked = askedIn(entry);
      if (asked === undefined) continue;
      const { asked: all } = chatOf(entry.botId, entry.message?.chatId);
      const before = all.get(asked.updateId);
      const isAccepted = asked.isAccepted || (before?.isAccepted ?? false);
      all.set(asked.updateId, { ...asked, isAccepted, at: before?.at ?? asked.at });
    } else {
      const said = saidIn(entry);
      if (said !== undefined) chatOf(entry.botId, entry.payload["chat_id"]).said.push(said);
    }
  }
  return [...chats].map(([chat, { asked, said }]) => ({
    chat,
    asked: [...asked.values()].sort((a, b) => a.updateId - b.updateId),
    said,
  }));
}

function askedIn({ updateId, message, outcome, at }: DeliveryEntry): Asked | undefined {
  const [marker] = markersIn(message?.text ?? "");
  if (updateId === undefined || message?.kind !== "message" || marker === undefined) return undefined;
  const { messageId, text } = message;
  return { updateId, messageId, marker, isAlone: text.startsWith("/"), isAccepted: outcome === "accepted", at };
}

function saidIn({ method, payload, executed, status = 0, at, caller = "" }: CallEntry): Said | undefined {
  if (method !== "sendMessage" || !(executed || FOR_GOOD.includes(status))) return undefined;
  const text = String(payload["text"] ?? "");
  const sentence = sentenceIn(text);
  const markers = sentence === undefined ? markersIn(text) : [];
  const replyTo = Number(payload["reply_parameters"] && repliedTo(payload["reply_parameters"])) || 0;
  return { markers, sentence, replyTo, isDelivered: executed, at, caller };
}

function repliedTo(parameters: unknown): unknown {
  const given: unknown = typeof parameters === "string" ? JSON.parse(parameters) : parameters;
  return typeof given === "object" && given !== null ? Reflect.get(given, "message_id") : undefined;
}
