import { consumeSpan, type MessageQuery, storedMessage } from "@botfactory/event-store";
import { LRUCache } from "lru-cache";
import type { MsgHdrs, NatsConnection, StoredMsg } from "nats";
import { type ChatPlace, updatesSubject } from "./chat-place.ts";
import { type Conversation, isTaken } from "./domain/conversation.ts";
import { incomingUpdate } from "./domain/incoming-update.ts";
import { MOST_UPDATES, type WaitingUpdate } from "./domain/next-step.ts";

export const UPDATES = "UPDATES";

/** An update as ingress stored it. */
export interface StoredUpdate {
  readonly sequence: bigint;
  readonly updateId: string;
  readonly body: Uint8Array;
  readonly headers: MsgHdrs;
}

export interface UpdateQueue {
  /** The chat's next updates after what its conversation took, in stream order. */
  waiting(place: ChatPlace, state: Conversation, atMost?: number): Promise<readonly WaitingUpdate[]>;
  /** The update at a sequence; undefined when the log has forgotten it (7 days), and at 0, where the test chat's are. */
  at(sequence: bigint): Promise<StoredUpdate | undefined>;
  /** Its headers alone; of updates found lately without asking the log. */
  headersAt(sequence: bigint): Promise<MsgHdrs | undefined>;
}

const HEADERS_KEPT = 1_000;

/** Asks the stream's leader: a replica may lag behind, and then a nudge would find nothing and be lost. */
export async function updateQueue(nats: NatsConnection): Promise<UpdateQueue> {
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const headersOf = new LRUCache<bigint, MsgHdrs>({ max: HEADERS_KEPT });

  async function find(query: MessageQuery) {
    const message = await storedMessage(manager, UPDATES, query);
    if (message === undefined) return undefined;
    const found = storedUpdate(message);
    headersOf.set(found.sequence, found.headers);
    return found;
  }

  return {
    at: async (sequence) => (sequence === 0n ? undefined : find({ seq: Number(sequence) })),
    headersAt: async (sequence) => headersOf.get(sequence) ?? (await find({ seq: Number(sequence) }))?.headers,
    async waiting(place, state, atMost = MOST_UPDATES) {
      const found: StoredUpdate[] = [];
      while (found.length < atMost) {
        const after = found.at(-1)?.sequence ?? state.cursor;
        const next = await find({ seq: Number(after) + 1, next_by_subj: updatesSubject(place) });
        if (next === undefined) break;
        found.push(next);
      }
      return found.map((update, index) =>
        waitingUpdate(update, { ...state, seen: withIds(state, found.slice(0, index)) }),
      );
    },
  };
}

/** Runs work on an update in its trace: the span hangs below the one that stored it. */
export async function inTraceOf<Result>(
  queue: UpdateQueue,
  sequence: bigint | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const headers = sequence === undefined ? undefined : await queue.headersAt(sequence);
  return consumeSpan(UPDATES, headers, run);
}

function storedUpdate({ seq, data, header }: StoredMsg): StoredUpdate {
  return {
    sequence: BigInt(seq),
    updateId: header.get("Telegram-Update-Id") || `stream-${seq}`,
    body: data,
    headers: header,
  };
}

function waitingUpdate({ sequence, updateId, body }: StoredUpdate, state: Conversation): WaitingUpdate {
  const isRepeat = isTaken({ updateId, streamSequence: sequence }, state);
  return { updateId, streamSequence: sequence, isRepeat, content: incomingUpdate(parsed(body)) };
}

/** The same update may stand in the queue twice before any turn took it. */
function withIds({ seen }: Conversation, before: readonly StoredUpdate[]): readonly string[] {
  return before.length === 0 ? seen : [...seen, ...before.map(({ updateId }) => updateId)];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
