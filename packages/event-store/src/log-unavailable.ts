import { DomainError } from "@botfactory/decider";
import { ExponentialBackoff, handleType, retry, TaskCancelledError, TimeoutStrategy, timeout, wrap } from "cockatiel";
import { NatsError } from "nats";

/** The log did not answer, or not yet with what was asked for: worth asking again, nothing is known to be wrong. */
export class LogUnavailable extends Error {
  override readonly name = "LogUnavailable";
}

/** One request waits this long for its answer: long enough for a busy disk, short enough to ask a new leader in time. */
export const REQUEST_TIMEOUT_MS = 2_000;
/** A new leader is elected within about 4 s; who waits for a command has left after 8. */
const PATIENCE_MS = 8_000;

const patience = wrap(
  timeout(PATIENCE_MS, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }),
  retry(handleType(LogUnavailable), {
    maxAttempts: 6,
    // Jittered by the library.
    backoff: new ExponentialBackoff({ initialDelay: 25, maxDelay: 500 }),
  }),
);

/** Runs a request that may safely be repeated; gives up with `DomainError` unavailable after about eight seconds. */
export async function askLog<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await patience.execute(() => request().catch(refine));
  } catch (error) {
    if (error instanceof LogUnavailable || error instanceof TaskCancelledError) {
      throw new DomainError("unavailable", "unavailable", { cause: error });
    }
    throw error;
  }
}

/** Answers of the API itself (`api_error`) are final; what is left is a time-out, no responder or a lost connection. */
function refine(error: unknown): never {
  if (error instanceof NatsError && error.api_error === undefined) {
    throw new LogUnavailable(`the log did not answer: ${error.code}`, { cause: error });
  }
  throw error;
}
