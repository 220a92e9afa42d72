import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import {
  DiscardPolicy,
  ErrorCode,
  type NatsConnection,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from "nats";
import { announcing } from "./announcements.ts";
import { apiCode } from "./api-code.ts";
import { LogUnavailable } from "./log-unavailable.ts";
import { isAsDeclared, NotProvisioned, provisioning } from "./provisioned.ts";
// Here, since whoever hears from a log loads this module, also those who load no other.
import "./readable-headers.ts";

/** A stream as its owner declares it; times are in milliseconds, what is left out keeps the server's default. */
export interface StreamDeclaration {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly description?: string;
  /** Nothing can ever be deleted or purged: for streams of events. Cannot be taken back. */
  readonly appendOnly?: boolean;
  readonly maxAgeMs?: number;
  readonly duplicateWindowMs?: number;
  readonly maxMessagesPerSubject?: number;
  /** Each message is announced once it is stored, see `announcementsOf`: for streams that are followed. */
  readonly announced?: boolean;
  /** Copies in the cluster (1 to 5); left out: 1 for a new stream, as it is for an existing one. */
  readonly replicas?: number | undefined;
}

const STREAM_NOT_FOUND = 10059;
const NAME_IN_USE = 10058;

/**
 * Creates the stream or brings the existing one to its declaration, but takes no subject away; safe from several replicas at once. A log that is
 * away is waited for, as long as the connection is open: a service that starts meanwhile must not end. A user that may
 * not declare waits a minute for one that may, then throws `NotProvisioned`.
 */
export function ensureStream(nats: NatsConnection, declaration: StreamDeclaration): Promise<StreamInfo> {
  return whenLogAnswers(Number.POSITIVE_INFINITY, () => declare(nats, declaration));
}

async function declare(nats: NatsConnection, declaration: StreamDeclaration): Promise<StreamInfo> {
  const { name } = declaration;
  const { streams } = await nats.jetstreamManager({ checkAPI: false });
  const existing = await streamInfo(nats, name);
  const config = configOf({ ...declaration, subjects: together(existing?.config.subjects, declaration.subjects) });
  if (existing !== undefined && isAsDeclared(config, existing.config)) return existing;
  return provisioning(`stream ${name}`, async () => {
    if (existing === undefined) {
      try {
        return await streams.add(config);
      } catch (error) {
        // Another process was faster with other words; bring its stream to ours.
        if (apiCode(error) !== NAME_IN_USE) throw error;
      }
    }
    return streams.update(name, { ...existing?.config, ...config });
  });
}

/** A process of the version before, started beside new ones, must not take their subjects away. */
function together(existing: readonly string[] = [], wanted: readonly string[]): readonly string[] {
  return [...existing, ...wanted.filter((subject) => !existing.includes(subject))];
}

/** Waits until another service has created its stream; throws `LogUnavailable` after about `timeoutMs` (60 s). */
export function awaitStream(nats: NatsConnection, name: string, timeoutMs = 60_000): Promise<StreamInfo> {
  return whenLogAnswers(timeoutMs, async () => {
    const info = await streamInfo(nats, name);
    if (info === undefined) throw new LogUnavailable(`stream ${name} does not exist yet`);
    return info;
  });
}

const LOOK_AGAIN_MS = 250;
/** The provisioning programs may be starting beside the services; a service that lacks them must not wait without a word. */
const PROVISIONED_WITHIN_MS = 60_000;

/**
 * Asks again while the log is away or has not got there yet; after about `timeoutMs` fails with what it last heard. What
 * others have to provision is waited for a minute at most, from when the log first said so: they waited for it as well.
 */
export async function whenLogAnswers<Answer>(timeoutMs: number, ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  let provisioned: number | undefined;
  const isLate = (error: unknown) => {
    if (!(error instanceof NotProvisioned)) return Date.now() >= deadline;
    provisioned ??= Math.min(deadline, Date.now() + PROVISIONED_WITHIN_MS);
    return Date.now() >= provisioned;
  };
  const patience = retry(
    handleWhen((error) => isAway(error) && !isLate(error)),
    { maxAttempts: Number.POSITIVE_INFINITY, backoff: new ConstantBackoff(LOOK_AGAIN_MS) },
  );
  return patience.execute(ask);
}

const FINAL: readonly string[] = [
  ErrorCode.ConnectionClosed,
  ErrorCode.ConnectionDraining,
  // A service that may not do what it has to must say so and end, not wait without a word.
  ErrorCode.PermissionsViolation,
  ErrorCode.AuthorizationViolation,
];
const SERVICE_UNAVAILABLE = 503;

/** No answer, or JetStream's own word that it has none for the moment: a cluster without a leader, a server starting. */
function isAway(error: unknown): boolean {
  if (error instanceof LogUnavailable || error instanceof NotProvisioned) return true;
  if (!(error instanceof NatsError) || FINAL.includes(error.code)) return false;
  return error.api_error === undefined || error.api_error.code === SERVICE_UNAVAILABLE;
}

/** The stream's configuration and state, or undefined when there is no such stream. */
export async function streamInfo(nats: NatsConnection, name: string): Promise<StreamInfo | undefined> {
  try {
    const { streams } = await nats.jetstreamManager({ checkAPI: false });
    return await streams.info(name);
  } catch (error) {
    if (apiCode(error) === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

/** Where a stream ended at some moment, and how many messages it had. */
export interface StreamEnd {
  readonly last: number;
  readonly messages: number;
}

/** The end of a stream as it is now; undefined when there is no such stream. */
export async function streamEnd(nats: NatsConnection, stream: string): Promise<StreamEnd | undefined> {
  const state = (await streamInfo(nats, stream))?.state;
  return state && { last: state.last_seq, messages: state.messages };
}

function configOf(declaration: StreamDeclaration) {
  const {
    appendOnly = false,
    announced = false,
    maxAgeMs,
    duplicateWindowMs,
    maxMessagesPerSubject,
    replicas,
  } = declaration;
  return {
    name: declaration.name,
    subjects: [...declaration.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    allow_direct: true,
    // Unknown to the client's types, passed on as it is: server 2.12 and later.
    allow_atomic: true,
    deny_delete: appendOnly,
    deny_purge: appendOnly,
    ...(announced ? announcing(declaration.name) : {}),
    ...(declaration.description === undefined ? {} : { description: declaration.description }),
    ...(maxAgeMs === undefined ? {} : { max_age: nanos(maxAgeMs) }),
    ...(duplicateWindowMs === undefined ? {} : { duplicate_window: nanos(duplicateWindowMs) }),
    ...(maxMessagesPerSubject === undefined ? {} : { max_msgs_per_subject: maxMessagesPerSubject }),
    ...(replicas === undefined ? {} : { num_replicas: replicas }),
  };
}
