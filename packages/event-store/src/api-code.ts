import { NatsError } from "nats";

/** JetStream's own number for a refusal (errors.json of nats-server); undefined when the API did not answer, or did not refuse. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}
