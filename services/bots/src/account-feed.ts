import { EventEmitter, once } from "node:events";
import { DomainError } from "@botfactory/decider";
import {
  followStream,
  type Recorded,
  recordedMessage,
  type StreamMessage,
  streamInfo,
  UnknownEvent,
} from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { ConstantBackoff, handleAll, retry } from "cockatiel";
import type { NatsConnection } from "nats";
import { ACCOUNTS_STREAM, accountCodec, ownerOfSubject } from "./accounts.ts";
import type { AccountFact } from "./domain/account-state.ts";

/** Every fact of every account, oldest first, from the beginning of the log and on. */
export interface AccountFeed {
  /** True once everything that was in the log at the start has been handed out. */
  isCaughtUp(): boolean;
  /** Place in the log of the last fact handed out. */
  position(): number;
  /** Waits until everything acknowledged before the call has been handed out; unavailable when that takes over 5 s. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface AccountFeedOptions {
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly onFact: (recorded: Recorded<AccountFact>) => void;
}

const RETRY_MS = 500;
const PATIENCE_MS = 5_000;

export function accountFeed({ nats, logger, onFact }: AccountFeedOptions): AccountFeed {
  const stopping = new AbortController();
  const progress = new EventEmitter().setMaxListeners(0);
  let position = 0;
  let caughtUp = false;

  const take = (message: StreamMessage) => {
    const recorded = known(message, logger);
    if (recorded !== undefined) onFact(recorded);
    position = message.sequence;
    progress.emit("moved");
  };

  const read = async () => {
    const from = { stream: ACCOUNTS_STREAM.name, subject: ">", after: position };
    for await (const { messages, isCaughtUp } of followStream(nats, from, stopping.signal)) {
      for (const message of messages) take(message);
      caughtUp ||= isCaughtUp;
    }
  };

  const ended = untilStopped(read, stopping.signal, logger);

  return {
    isCaughtUp: () => caughtUp,
    position: () => position,
    catchUp: async () => {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      try {
        const end = (await streamInfo(nats, ACCOUNTS_STREAM.name))?.state.last_seq ?? 0;
        while (position < end) await once(progress, "moved", { signal: patience });
      } catch (cause) {
        throw new DomainError("unavailable", "unavailable", { cause });
      }
    },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Again after every failure. */
async function untilStopped(read: () => Promise<void>, stopping: AbortSignal, logger: Logger): Promise<void> {
  const forEver = retry(handleAll, {
    maxAttempts: Number.POSITIVE_INFINITY,
    backoff: new ConstantBackoff(RETRY_MS),
  });
  forEver.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "reading again"),
  );
  await forEver.execute(read, stopping).catch(() => undefined);
}

function known(message: StreamMessage, logger: Logger): Recorded<AccountFact> | undefined {
  if (ownerOfSubject(message.subject) === undefined) return undefined;
  try {
    return recordedMessage(message, accountCodec);
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    logger.warn({ sequence: message.sequence }, "a fact of a newer version is passed over");
    return undefined;
  }
}
