import { DomainError } from "@botfactory/decider";
import { ExponentialBackoff, handleType, retry } from "cockatiel";
import { NatsError } from "nats";

/** The log did not answer, or not yet with what was asked for: worth asking again, nothing is known to be wrong. */
export class LogUnavailable extends Error {
  override readonly name = "LogUnavailable";
}

const attempts = retry(handleType(LogUnavailable), {
  maxAttempts: 6,
  // Jittered by the library; at most about 1.5 s of waiting beside the requests' own time-outs.
  backoff: new ExponentialBackoff({ initialDelay: 25, maxDelay: 500 }),
});

/** Runs a request that may safely be repeated; gives up with `DomainError` unavailable after seven attempts. */
export async function askLog<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await attempts.execute(() => request().catch(refine));
  } catch (error) {
    if (error instanceof LogUnavailable) throw new DomainError("unavailable", "unavailable", { cause: error });
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
