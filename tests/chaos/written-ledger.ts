import { replyPhrase } from "@botfactory/phrases";
import type { CallEntry, DeliveryEntry, LedgerEntry } from "@botfactory/simulator";
import { markedText } from "./chat-history.ts";

/** One turn of a made-up run: messages answered together, and how. */
export interface Turn {
  readonly markers: readonly number[];
  readonly end: "answer" | "refusal" | "apology" | "blocked";
  /** Posts until the webhook took each message. */
  readonly attempts: number;
}

/** Numbers the messages of a run: each chat is a list of turns. */
export function turnsOfRuns(
  chats: readonly (readonly { readonly size: number; readonly end: Turn["end"]; readonly attempts: number }[])[],
): readonly (readonly Turn[])[] {
  let marker = 0;
  // A sentence says nothing of how many it answers, so only answers and refused deliveries may join messages.
  const sizeOf = (size: number, end: Turn["end"]) => (end === "refusal" || end === "apology" ? 1 : size);
  return chats.map((turns) =>
    turns.map(({ size, end, attempts }) => {
      const markers = Array.from({ length: sizeOf(size, end) }, () => ++marker);
      return { markers, end, attempts };
    }),
  );
}

/** The ledger such a run leaves behind: chat by chat, every post and every call. */
export function writtenLedger(chats: readonly (readonly Turn[])[]): readonly LedgerEntry[] {
  let seq = 0;
  const stamp = () => {
    seq += 1;
    return { seq, at: 1_000_000 + seq * 10, botId: 1, durationMs: 1 };
  };
  return chats.flatMap((turns, index) =>
    turns.flatMap((turn): LedgerEntry[] => {
      const chatId = index + 1;
      const posts = turn.markers.flatMap((marker) =>
        Array.from({ length: turn.attempts }, (_, attempt): DeliveryEntry => {
          const isTaken = attempt === turn.attempts - 1;
          // What a sentence answers is a command: such a message is never joined with another.
          const text =
            turn.markers.length > 1 || turn.end === "answer" ? markedText(marker) : `/ask ${markedText(marker)}`;
          return {
            ...stamp(),
            kind: "delivery",
            updateId: 500 + marker,
            queue: `chat:${chatId}`,
            attempt: attempt + 1,
            url: "http://ingress",
            status: isTaken ? 200 : 503,
            error: undefined,
            outcome: isTaken ? "accepted" : "retried",
            retryInMs: undefined,
            message: { kind: "message", chatId, messageId: marker, text },
          };
        }),
      );
      return [...posts, callOf(turn, chatId, stamp())];
    }),
  );
}

function callOf(
  { markers, end }: Turn,
  chatId: number,
  stamp: Pick<CallEntry, "seq" | "at" | "botId" | "durationMs">,
): CallEntry {
  const executed = end !== "blocked";
  return {
    ...stamp,
    kind: "call",
    method: "sendMessage",
    payload: { chat_id: chatId, text: textOf(markers, end) },
    via: "http",
    caller: "conversation-1",
    status: executed ? 200 : 403,
    response: undefined,
    executed,
    fault: undefined,
  };
}

function textOf(markers: readonly number[], end: Turn["end"]): string {
  if (end === "refusal") return replyPhrase("en", "ai_blocked");
  if (end === "apology") return replyPhrase("uz", "turn_failed");
  return `You wrote: “${markers.map((marker) => markedText(marker)).join("\n")}”.`;
}
