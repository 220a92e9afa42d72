import { DomainError } from "@botfactory/decider";
import { type Announced, announcedBy, announcementsOf, announcing } from "@botfactory/event-store/announcements";
import { apiCode, isLostRace } from "@botfactory/event-store/api-code";
import { isAsDeclared, provisioning } from "@botfactory/event-store/provisioned";
import { streamInfo, whenLogAnswers } from "@botfactory/event-store/streams";
import {
  DiscardPolicy,
  headers,
  type JetStreamManager,
  type NatsConnection,
  NatsError,
  RetentionPolicy,
  StorageType,
} from "nats";

const STREAM = "KEYS";
const NO_MESSAGE_FOUND = 10037;
const NAME_IN_USE = 10058;

const ANSWER_WITHIN_MS = 5_000;

/** The wrapped key of a subject and its sequence; `wrapped` is undefined when there is none, or it was destroyed. */
export interface KeyRecord {
  readonly wrapped: Uint8Array | undefined;
  readonly sequence: number;
}

/**
 * The stream KEYS: one message a subject, the last one counts; an empty message says that the key was destroyed. Throws
 * `DomainError` unavailable when the log does not answer.
 */
export interface KeyStream {
  /** The record as the stream's leader has it. */
  find(subject: string): Promise<KeyRecord>;
  /** False when somebody else wrote the subject since `sequence`. */
  replace(subject: string, wrapped: Uint8Array, sequence: number): Promise<boolean>;
  /** Overwrites the message on the disk. False when it was gone already. */
  erase(sequence: number): Promise<boolean>;
  subjects(): Promise<string[]>;
  /** Tells of each record that any process wrote while this one was connected; of a destruction, too. */
  onWritten(listener: (record: Announced) => void): void;
}

/**
 * Creates the stream when it is missing; an operator's own settings are left alone, except that it announces and for a
 * number of `replicas`. A log that is away is waited for, as long as the connection is open; a user that may not declare
 * waits a minute for one that may.
 */
export function declareKeyStream(nats: NatsConnection, replicas?: number): Promise<void> {
  return whenLogAnswers(Number.POSITIVE_INFINITY, async () => {
    const existing = await streamInfo(nats, STREAM);
    const wanted = { ...announcing(STREAM), ...(replicas === undefined ? {} : { num_replicas: replicas }) };
    if (existing !== undefined && isAsDeclared(wanted, existing.config)) return;
    const { streams } = await nats.jetstreamManager({ checkAPI: false, timeout: ANSWER_WITHIN_MS });
    await provisioning(`stream ${STREAM}`, async () => {
      await create(streams, replicas);
      const { config } = await streams.info(STREAM);
      if (!isAsDeclared(wanted, config)) await streams.update(STREAM, { ...config, ...wanted });
    });
  });
}

/** Opens the stream, which is declared first. */
export async function keyStream(nats: NatsConnection, replicas?: number): Promise<KeyStream> {
  await declareKeyStream(nats, replicas);
  const { streams } = await nats.jetstreamManager({ checkAPI: false, timeout: ANSWER_WITHIN_MS });
  const log = nats.jetstream({ timeout: ANSWER_WITHIN_MS });
  return {
    find: async (subject) => {
      try {
        const { seq, data } = await streams.getMessage(STREAM, { last_by_subj: subject });
        return { wrapped: data.length === 0 ? undefined : data, sequence: seq };
      } catch (error) {
        if (apiCode(error) === NO_MESSAGE_FOUND) return { wrapped: undefined, sequence: 0 };
        throw refined(error);
      }
    },
    replace: async (subject, wrapped, sequence) => {
      const expectation = headers();
      expectation.set("Nats-Expected-Last-Subject-Sequence", String(sequence));
      try {
        await log.publish(subject, wrapped, { headers: expectation });
        return true;
      } catch (error) {
        if (isLostRace(error)) return false;
        throw refined(error);
      }
    },
    erase: async (sequence) => {
      try {
        return await streams.deleteMessage(STREAM, sequence, true);
      } catch (error) {
        if (apiCode(error) !== undefined) return false;
        throw refined(error);
      }
    },
    subjects: async () => {
      const info = await streams.info(STREAM, { subjects_filter: "keys.>" });
      return Object.keys(info.state.subjects ?? {});
    },
    onWritten: (listener) => {
      nats.subscribe(announcementsOf(STREAM), {
        callback: (_, announcement) => listener(announcedBy(STREAM, announcement)),
      });
    },
  };
}

async function create(streams: JetStreamManager["streams"], replicas = 1): Promise<void> {
  try {
    await streams.add({
      name: STREAM,
      description: "Wrapped data keys, one per bot and per chat; deleting one forgets what it sealed",
      subjects: ["keys.>"],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_msgs_per_subject: 1,
      allow_direct: true,
      ...announcing(STREAM),
      num_replicas: replicas,
    });
  } catch (error) {
    if (apiCode(error) !== NAME_IN_USE) throw error;
  }
}

/** What the API itself says stays as it is; what is left is a time-out, no responder or a lost connection. */
function refined(error: unknown): unknown {
  if (!(error instanceof NatsError) || error.api_error !== undefined) return error;
  return new DomainError("unavailable", "unavailable", { cause: error });
}
