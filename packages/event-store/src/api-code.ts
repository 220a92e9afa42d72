import { NatsError } from "nats";

/** Another append to the same subject is on its way through the cluster. */
export const IN_FLIGHT = 10164;
/** The subject's last message is not the one that was expected. */
export const WRONG_LAST_SEQUENCE = 10071;

/** JetStream's own number for a refusal (errors.json of nats-server); undefined when the API did not answer, or did not refuse. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}

/** Whether an append was refused because somebody else wrote the subject first, or is about to. */
export function isLostRace(error: unknown): boolean {
  const code = apiCode(error);
  return code === WRONG_LAST_SEQUENCE || code === IN_FLIGHT;
}
