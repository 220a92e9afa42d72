import { consumeSpan, LogUnavailable, type MessageQuery, nextMessages, storedMessage } from "@botfactory/event-store";
import { noteOrigin } from "@botfactory/service-kit";
import { LRUCache } from "lru-cache";
import { type MsgHdrs, type NatsConnection, NatsError, headers as noHeaders, type StoredMsg } from "nats";
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
  /**
   * The chat's next updates after what its conversation took, in stream order: the first one for sure, of those stored
   * a moment ago perhaps not all.
   */
  waiting(place: ChatPlace, state: Conversation): Promise<readonly WaitingUpdate[]>;
  /** Whether nothing came after what the conversation took. */
  isEmptyAfter(place: ChatPlace, state: Conversation): Promise<boolean>;
  /** The update at a sequence; undefined when the log has forgotten it (7 days), and at 0, where the test chat's are. */
  at(sequence: bigint): Promise<StoredUpdate | undefined>;
  /** Its headers alone; of updates found lately without asking the log. */
  headersAt(sequence: bigint): Promise<MsgHdrs | undefined>;
}

const HEADERS_KEPT = 1_000;

/** That nothing waits only the stream's leader is believed: a replica may lag behind, and then a nudge would be lost. */
export async function updateQueue(nats: NatsConnection): Promise<UpdateQueue> {
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const headersOf = new LRUCache<bigint, MsgHdrs>({ max: HEADERS_KEPT });
  const noted = (update: StoredUpdate) => {
    headersOf.set(update.sequence, update.headers);
    return update;
  };

  async function find(query: MessageQuery) {
    const message = await storedMessage(manager, UPDATES, query);
    return message && noted(storedUpdate(message));
  }

  /** Most of the time all that waits, by one request; what a replica that lags behind does not have is asked of the leader. */
  async function ahead(subject: string, from: number): Promise<StoredUpdate[]> {
    try {
      const messages = await nextMessages(nats, { stream: UPDATES, subject }, { from, atMost: MOST_UPDATES });
      return messages.map(({ sequence, data, headers = noHeaders() }) =>
        noted(storedUpdate({ seq: sequence, data, header: headers })),
      );
    } catch (error) {
      if (error instanceof LogUnavailable || error instanceof NatsError) return [];
      throw error;
    }
  }

  return {
    at: async (sequence) => (sequence === 0n ? undefined : find({ seq: Number(sequence) })),
    headersAt: async (sequence) => headersOf.get(sequence) ?? (await find({ seq: Number(sequence) }))?.headers,
    async waiting(place, state) {
      const [subject, from] = [updatesSubject(place), Number(state.cursor) + 1];
      const some = await ahead(subject, from);
      const first = some.length === 0 ? await find({ seq: from, next_by_subj: subject }) : undefined;
      const found = first === undefined ? some : [first];
      return found.map((update, index) =>
        waitingUpdate(update, { ...state, seen: withIds(state, found.slice(0, index)) }),
      );
    },
    isEmptyAfter: async (place, { cursor }) =>
      (await find({ seq: Number(cursor) + 1, next_by_subj: updatesSubject(place) })) === undefined,
  };
}

/**
 * Runs work on an update in its trace: the span hangs below the one that stored it. What is thrown is logged where it is
 * judged, outside of the span, and still with its ids.
 */
export async function inTraceOf<Result>(
  queue: UpdateQueue,
  sequence: bigint | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const headers = sequence === undefined ? undefined : await queue.headersAt(sequence);
  return consumeSpan(UPDATES, headers, () =>
    run().catch((error: unknown) => {
      noteOrigin(error);
      throw error;
    }),
  );
}

function storedUpdate({ seq, data, header }: Pick<StoredMsg, "seq" | "data" | "header">): StoredUpdate {
  return {
    sequence: BigInt(seq),
    updateId: own(header.get("Telegram-Update-Id")) || `stream-${seq}`,
    body: data,
    headers: header,
  };
}

/** What is cut out of a header keeps all of them in memory; a chat remembers a thousand ids. */
function own(text: string): string {
  return Buffer.from(text).toString();
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
