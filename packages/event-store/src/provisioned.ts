import { ErrorCode, NatsError } from "nats";

/**
 * The log lacks something, or has it in another way, and this process' NATS user may not change that: users of single
 * services may not. The provisioning programs do it.
 */
export class NotProvisioned extends Error {
  override readonly name = "NotProvisioned";
}

/** Runs a change of what the log keeps; rejects with `NotProvisioned` where NATS refuses it to this user. */
export async function provisioning<Result>(what: string, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof NatsError && error.code === ErrorCode.PermissionsViolation)) throw error;
    const remedy = "run the provisioning programs (the chart's Job does) with a user that may";
    throw new NotProvisioned(
      `${what} is not as this version declares it, and this NATS user may not change it: ${remedy}`,
    );
  }
}

/** Whether everything `wanted` says of a stream or consumer stands in the `existing` configuration. */
export function isAsDeclared(wanted: object, existing: object): boolean {
  const there = new Map(Object.entries(existing));
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(there.get(name)) === JSON.stringify(value));
}
