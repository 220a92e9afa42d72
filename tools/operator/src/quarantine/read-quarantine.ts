import { storedMessage, streamInfo } from "@botfactory/event-store";
import { ErrorCode, type NatsConnection, NatsError, type StoredMsg } from "nats";

const STREAM = "QUARANTINE";

/** A message that was set aside, without what stands in it. */
export interface Quarantined {
  /** Its place in the stream, by which it is asked for. */
  readonly sequence: number;
  /** When it was set aside. */
  readonly at: string;
  /** The service that set it aside. */
  readonly service: string;
  readonly botId: string;
  readonly subject: string;
  readonly reason: string;
  /** Telegram's number of the update, where it could be read. */
  readonly updateId?: string;
  readonly traceparent?: string;
  readonly bytes: number;
}

/** Some of what was set aside, the oldest first, and how many messages the stream has. */
export interface QuarantineList {
  readonly messages: readonly Quarantined[];
  readonly inStream: number;
}

export interface QuarantineQuery {
  /** Only this bot's. */
  readonly botId?: string | undefined;
  /** So many of the newest. */
  readonly last: number;
}

/** The newest messages that were set aside. Asks for one after another and makes no consumer, which no shipped user may. */
export async function listQuarantine(nats: NatsConnection, { botId, last }: QuarantineQuery): Promise<QuarantineList> {
  const { first_seq: first, last_seq: end, messages: inStream } = await stateOf(nats);
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const pattern = botId === undefined ? ">" : `quarantine.*.${botId}`;
  const messages: Quarantined[] = [];
  let from = botId === undefined ? Math.max(first, end - last + 1) : first;
  while (from <= end) {
    const found = await storedMessage(manager, STREAM, { seq: from, next_by_subj: pattern });
    if (found === undefined) break;
    messages.push(about(found));
    from = found.seq + 1;
  }
  return { messages: messages.slice(-last), inStream };
}

/** One message with its bytes as they were received; undefined where the stream has none of this number (any more). */
export async function readQuarantined(nats: NatsConnection, sequence: number) {
  await stateOf(nats);
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const found = await storedMessage(manager, STREAM, { seq: sequence });
  return found === undefined ? undefined : { message: about(found), body: found.data };
}

async function stateOf(nats: NatsConnection) {
  const info = await streamInfo(nats, STREAM);
  if (info === undefined)
    throw new Error(`there is no stream ${STREAM}: run the provisioning programs, which declare it`);
  return info.state;
}

/** What to do about an answer that did not come: who may look at the stream and not into it is another user, or has the permissions of a version before this one. */
export function explained(error: unknown): unknown {
  const isRefused = error instanceof NatsError && (UNANSWERED.includes(error.code) || /violation/i.test(error.message));
  if (!isRefused) return error;
  const remedy = "connect as auditor, with the accounts.conf of this version (docs/operations/nats-users.md)";
  return new Error(`this NATS user may not read ${STREAM}: ${remedy}`, { cause: error });
}

const UNANSWERED: readonly string[] = [ErrorCode.Timeout, ErrorCode.PermissionsViolation];

function about({ seq, subject, time, header, data }: StoredMsg): Quarantined {
  const [, service = "", botId = ""] = subject.split(".");
  const [updateId, traceparent] = [header.get("Telegram-Update-Id"), header.get("traceparent")];
  return {
    sequence: seq,
    at: time.toISOString(),
    service,
    botId,
    subject,
    reason: header.get("Quarantine-Reason"),
    ...(updateId && { updateId }),
    ...(traceparent && { traceparent }),
    bytes: data.length,
  };
}
