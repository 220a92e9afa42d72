import type { JetStreamManager, NatsConnection, StoredMsg } from "nats";
import { apiCode } from "./api-code.ts";

const NO_MESSAGE_FOUND = 10037;

/** Which message of a stream: a subject's last one, or the one at a sequence, or a subject's first from there on. */
export type MessageQuery =
  | { readonly last_by_subj: string }
  | { readonly seq: number; readonly next_by_subj?: string }
  | { readonly start_time: string; readonly next_by_subj: string };

/** The message a query names, as the stream's leader has it; undefined when there is none. */
export async function storedMessage(
  { streams }: Pick<JetStreamManager, "streams">,
  stream: string,
  query: MessageQuery,
): Promise<StoredMsg | undefined> {
  try {
    // The client's types do not know start_time; the server does (2.11).
    return await streams.getMessage(stream, query as { last_by_subj: string });
  } catch (error) {
    if (apiCode(error) === NO_MESSAGE_FOUND) return undefined;
    throw error;
  }
}

/** How many messages the stream's index has for a subject, whether they can be read or not. */
export async function countOf({ streams }: JetStreamManager, stream: string, subject: string): Promise<number> {
  const { state } = await streams.info(stream, { subjects_filter: subject });
  return state.subjects?.[subject] ?? 0;
}

/** The sequence of the stream's last message (0: it never had one). */
export async function logEnd(nats: NatsConnection, stream: string): Promise<number> {
  const { streams } = await nats.jetstreamManager({ checkAPI: false });
  return (await streams.info(stream)).state.last_seq;
}

/**
 * False when the log is not the one in which `eventId` was at `sequence`: it ends earlier, or has another event there.
 * So it is after the log was restored from a backup.
 */
export async function logHolds(
  nats: NatsConnection,
  stream: string,
  { sequence, eventId }: { readonly sequence: number; readonly eventId: string },
): Promise<boolean> {
  if (sequence === 0) return true;
  const manager = await nats.jetstreamManager({ checkAPI: false });
  if ((await logEnd(nats, stream)) < sequence) return false;
  const found = await storedMessage(manager, stream, { seq: sequence });
  return found === undefined || found.header.get("ce-id") === eventId;
}
