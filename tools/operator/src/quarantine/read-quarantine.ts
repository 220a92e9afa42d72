import { isSubjectToken, storedMessage, streamInfo } from "@botfactory/event-store";
import { ErrorCode, type JetStreamManager, type NatsConnection, NatsError } from "nats";
import { newest } from "./newest.ts";
import { about, type Quarantined, STREAM } from "./quarantined.ts";

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

/** The newest messages that were set aside. Holds no more than `last` of them, and none of what stands in them. */
export async function listQuarantine(nats: NatsConnection, { botId, last }: QuarantineQuery): Promise<QuarantineList> {
  if (botId !== undefined && !isSubjectToken(botId)) throw new Error("a bot's id has letters, digits, - and _ only");
  const { first_seq: first, last_seq: end, messages: inStream } = await stateOf(nats);
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const wanted = botId === undefined ? { pattern: ">", count: inStream } : await ofBot(manager, botId);
  const messages = await newest(manager, { ...wanted, first, end, last });
  return { messages, inStream };
}

async function ofBot({ streams }: JetStreamManager, botId: string) {
  const pattern = `quarantine.*.${botId}`;
  const { state } = await streams.info(STREAM, { subjects_filter: pattern });
  return { pattern, botId, count: Object.values(state.subjects ?? {}).reduce((sum, messages) => sum + messages, 0) };
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

/** What to do about an answer that did not come. */
export function explained(error: unknown): unknown {
  if (!(error instanceof NatsError)) return error;
  // Who may look at the stream and not into it is another user, or has the permissions of a version before this one.
  if (error.code === ErrorCode.PermissionsViolation || /violation/i.test(error.message)) {
    const remedy = "connect as auditor, with the accounts.conf of this version (docs/operations/nats-users.md)";
    return new Error(`this NATS user may not read ${STREAM}: ${remedy}`, { cause: error });
  }
  if (error.code !== ErrorCode.Timeout) return error;
  const remedy = "it hangs, or the stream has no leader; run botfactory doctor, and try again";
  return new Error(`NATS did not answer in time about ${STREAM}: ${remedy}`, { cause: error });
}
