import { completeStream, streamInfo } from "@botfactory/event-store";
import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { fromBinary } from "@bufbuild/protobuf";
import type { NatsConnection } from "nats";
import { type ChatLog, chatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject, placeOf } from "./chat-place.ts";
import { startNudgesAfter } from "./nudges.ts";
import { quarantineCopy } from "./quarantine-copy.ts";
import { turnUpdate } from "./start-turn.ts";
import { CONVERSATIONS } from "./streams.ts";
import { UPDATES, type UpdateQueue, updateQueue } from "./waiting-updates.ts";

/** What may have been answered after the backup, and so is not answered again. */
export interface Unknown {
  readonly turns: number;
  readonly updates: number;
}

/** A code of the catalogue: the owner sees it beside the message. */
const CODE = "outcome_unknown";

/**
 * Ends whatever a restored log still holds open. It is older than the world: what waits in it may have been answered
 * since, and who was answered must not be answered again. A copy goes to QUARANTINE for people. What Telegram still holds
 * comes later and is answered as ever.
 * @throws LogUnavailable when not all that is there can be read: who was answered might be answered again.
 */
export async function settleRestored(nats: NatsConnection): Promise<Unknown> {
  const chats = chatLog(nats);
  const open = await openChats(nats);
  const behind = await chatsBehind(nats, open.cursors);
  const queue = await updateQueue(nats);
  const restored = { chats, queue, setAside: quarantineCopy(nats, queue, { code: CODE, by: "restored" }) };
  let [turns, updates] = [0, 0];
  for (const subject of new Set([...open.turns, ...behind])) {
    const place = placeOf(subject);
    if (place === undefined) continue;
    if (await endTurn(restored, place)) turns += 1;
    updates += await passOverAll(restored, place);
  }
  await startNudgesAfter(nats, (await streamInfo(nats, UPDATES))?.state.last_seq ?? 0);
  return { turns, updates };
}

/** Chats with an open turn, and where each chat is in the queue of updates, by its subject below `conversations.`. */
async function openChats(nats: NatsConnection) {
  const turns = new Set<string>();
  const cursors = new Map<string, bigint>();
  for await (const { subject, data } of completeStream(nats, CONVERSATIONS)) {
    const { event } = fromBinary(ConversationEventSchema, data);
    switch (event.case) {
      case "turnStarted":
        turns.add(subject);
        break;
      case "replySent":
      case "turnRefused":
      case "replyUndeliverable":
      case "turnQuarantined":
        turns.delete(subject);
        break;
      default:
    }
    if (event.case !== "turnStarted" && event.case !== "updatesPassedOver") continue;
    const last = event.value.updates.at(-1)?.streamSequence ?? 0n;
    if (last > (cursors.get(subject) ?? 0n)) cursors.set(subject, last);
  }
  return { turns, cursors };
}

/** Chats with updates their conversation has not taken. */
async function chatsBehind(nats: NatsConnection, cursors: ReadonlyMap<string, bigint>): Promise<Set<string>> {
  const behind = new Set<string>();
  for await (const { subject, sequence } of completeStream(nats, UPDATES)) {
    const place = placeOf(subject);
    if (place === undefined) continue;
    const chat = conversationSubject(place);
    if (BigInt(sequence) > (cursors.get(chat) ?? 0n)) behind.add(chat);
  }
  return behind;
}

interface Restored {
  readonly chats: ChatLog;
  readonly queue: UpdateQueue;
  readonly setAside: ReturnType<typeof quarantineCopy>;
}

async function endTurn({ chats, setAside }: Restored, place: ChatPlace): Promise<boolean> {
  const { turn } = (await chats.load(conversationSubject(place))).state;
  if (turn === undefined) return false;
  for (const { streamSequence } of turn.updates) await setAside(place, streamSequence);
  const { turnId, workerId, attempt: attempts } = turn;
  await chats.handle(conversationSubject(place), { type: "QuarantineTurn", turnId, workerId, code: CODE, attempts });
  return true;
}

async function passOverAll({ chats, queue, setAside }: Restored, place: ChatPlace): Promise<number> {
  for (let passed = 0; ; ) {
    const { state } = await chats.load(conversationSubject(place));
    const waiting = await queue.waiting(place, state);
    if (waiting.length === 0) return passed;
    for (const { streamSequence } of waiting) await setAside(place, streamSequence);
    const updates = waiting.map(turnUpdate);
    await chats.handle(conversationSubject(place), { type: "PassOverUpdates", updates, reason: CODE });
    passed += waiting.length;
  }
}
