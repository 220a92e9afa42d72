import { EventEmitter, once } from "node:events";
import { DomainError } from "@botfactory/decider";
import { type Recorded, recordedMessage, streamInfo, streamReader, UnknownEvent } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { ConstantBackoff, handleAll, retry } from "cockatiel";
import type { JsMsg, NatsConnection } from "nats";
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

const PAGE = 1_000;
const RETRY_MS = 500;
const PATIENCE_MS = 5_000;

export function accountFeed({ nats, logger, onFact }: AccountFeedOptions): AccountFeed {
  const stopping = new AbortController();
  const progress = new EventEmitter().setMaxListeners(0);
  let position = 0;
  let caughtUp = false;

  const take = (message: JsMsg) => {
    const recorded = known(message, logger);
    if (recorded !== undefined) onFact(recorded);
    position = message.seq;
    caughtUp ||= message.info.pending === 0;
    progress.emit("moved");
  };

  const read = async () => {
    const from = { stream: ACCOUNTS_STREAM.name, filterSubjects: ACCOUNTS_STREAM.subjects, sequence: position + 1 };
    const reader = await streamReader(nats, from);
    try {
      while (!stopping.signal.aborted) {
        // Asked each time: it is what notices a fact that got lost on the way when no other follows.
        const pending = await reader.pending();
        caughtUp ||= pending === 0;
        for await (const message of reader.next(PAGE, stopping.signal)) take(message);
      }
    } finally {
      await reader.close();
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

function known(message: JsMsg, logger: Logger): Recorded<AccountFact> | undefined {
  if (ownerOfSubject(message.subject) === undefined) return undefined;
  try {
    return recordedMessage(message, accountCodec);
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    logger.warn({ sequence: message.seq }, "a fact of a newer version is passed over");
    return undefined;
  }
}
