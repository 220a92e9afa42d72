import type { ChatOfUpdate, FromPerson, IncomingUpdate } from "./incoming-update.ts";

/** An update that waits in the log. */
export interface WaitingUpdate {
  readonly updateId: string;
  readonly streamSequence: bigint;
  /** Taken by an earlier turn already: the log holds it twice. */
  readonly isRepeat: boolean;
  readonly content: IncomingUpdate;
}

/** What to do with the updates at the head of the queue. */
export type NextStep =
  | { readonly kind: "nothing" }
  | { readonly kind: "pass-over"; readonly updates: readonly WaitingUpdate[]; readonly reason: string }
  | TurnStep;

/** `text` is empty when there is nothing to read (stickers, photos without words). */
export interface TurnStep {
  readonly kind: "turn";
  readonly updates: readonly WaitingUpdate[];
  readonly text: string;
  readonly languageCode: string;
  readonly chat: ChatOfUpdate;
}

/** Updates one turn answers at most; as many are worth reading ahead. */
export const MOST_UPDATES = 10;
/** Telegram's longest message, in UTF-16 units: as much one turn may ask. */
export const LONGEST_TEXT = 4_096;

/** Decides over the head of the queue: one reason for what is passed over, or one turn of what belongs together. */
export function nextStep(waiting: readonly WaitingUpdate[]): NextStep {
  const [first] = waiting;
  if (first === undefined) return { kind: "nothing" };
  const reason = passedOver(first);
  if (reason !== undefined)
    return { kind: "pass-over", reason, updates: leading(waiting, (it) => passedOver(it) === reason) };
  return turnOf(first, waiting);
}

function turnOf(first: WaitingUpdate, waiting: readonly WaitingUpdate[]): NextStep {
  const { content } = first;
  if (content.kind === "pass-over") return { kind: "nothing" };
  let length = 0;
  const updates = leading(waiting, (it) => {
    length += textOf(it).length + 1;
    return it === first || (belongsTo(content, it) && length <= LONGEST_TEXT);
  });
  const text = updates.map(textOf).join("\n").trim();
  return { kind: "turn", updates, text, languageCode: content.languageCode, chat: content.chat };
}

/** A command starts a turn of its own; words of two people in a group are not one question. */
function belongsTo(first: IncomingUpdate & FromPerson, { content, isRepeat }: WaitingUpdate): boolean {
  if (isRepeat || content.kind !== first.kind || content.kind === "pass-over") return false;
  return !isCommand(first) && !isCommand(content) && content.senderId === first.senderId;
}

function isCommand(content: IncomingUpdate): boolean {
  return content.kind === "text" && content.isCommand;
}

function passedOver({ isRepeat, content }: WaitingUpdate): string | undefined {
  if (isRepeat) return "repeated";
  return content.kind === "pass-over" ? content.reason : undefined;
}

function textOf({ content }: WaitingUpdate): string {
  return content.kind === "text" ? content.text : "";
}

function leading<T>(items: readonly T[], belongs: (item: T) => boolean): readonly T[] {
  const end = items.slice(0, MOST_UPDATES).findIndex((item) => !belongs(item));
  return end < 0 ? items.slice(0, MOST_UPDATES) : items.slice(0, end);
}
