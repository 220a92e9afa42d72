import { crashPoint } from "@botfactory/crash-points";
import { headers, type NatsConnection } from "nats";
import { v7 as newBatchId } from "uuid";
import { IN_FLIGHT, WRONG_LAST_SEQUENCE } from "./api-code.ts";
import { LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";

/** One message of an all-or-nothing publish. */
export interface Publication {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/**
 * "stored": now, or by an earlier attempt with the same message id; `sequence` is the last message's.
 * "refused": an expectation does not hold or an id was used; `inFlight` when the log has not settled which.
 */
export type PublishOutcome =
  | { readonly kind: "stored"; readonly sequence: number }
  | { readonly kind: "refused"; readonly inFlight: boolean };

/** Error codes of nats-server's errors.json: 10201, a batch's message id is known. */
const REFUSED = new Set([WRONG_LAST_SEQUENCE, 10201, IN_FLIGHT]);
/** The message id is being stored (10158), a batch lost a message (10176), too many batches at once (10210, 10211). */
const REPEATABLE = new Set([10158, 10176, 10210, 10211]);

/**
 * Publishes one message plainly, several as one atomic batch (ADR-50 of the NATS architecture; stream with
 * `allow_atomic`, server 2.12.1 or later because of the message ids inside a batch), and waits for the log's answer.
 */
export async function publishBatch(nats: NatsConnection, messages: readonly Publication[]): Promise<PublishOutcome> {
  const batchId = newBatchId();
  const last = messages.length - 1;
  for (const [index, message] of messages.entries()) {
    const batch = last === 0 ? {} : batchHeaders(batchId, index + 1, index === last);
    const options = { headers: natsHeaders({ ...message.headers, ...batch }) };
    if (index === last) {
      return outcome(await nats.request(message.subject, message.payload, { ...options, timeout: REQUEST_TIMEOUT_MS }));
    }
    nats.publish(message.subject, message.payload, options);
    crashPoint("log.midBatch");
  }
  throw new RangeError("a batch without messages");
}

function batchHeaders(id: string, sequence: number, commit: boolean): Record<string, string> {
  return {
    "Nats-Batch-Id": id,
    "Nats-Batch-Sequence": String(sequence),
    ...(commit ? { "Nats-Batch-Commit": "1" } : {}),
  };
}

function natsHeaders(record: Readonly<Record<string, string>>) {
  const all = headers();
  for (const [name, value] of Object.entries(record)) all.set(name, value);
  return all;
}

interface PublishAck {
  readonly seq?: number;
  readonly error?: { readonly err_code: number; readonly description: string };
}

function outcome(answer: { json<Ack>(): Ack }): PublishOutcome {
  const { error, seq } = answer.json<PublishAck>();
  if (error === undefined && seq !== undefined) return { kind: "stored", sequence: seq };
  if (error !== undefined && REFUSED.has(error.err_code)) {
    return { kind: "refused", inFlight: error.err_code === IN_FLIGHT };
  }
  if (error !== undefined && REPEATABLE.has(error.err_code)) throw new LogUnavailable(error.description);
  throw new Error(`the log refused an event: ${error?.description} (${error?.err_code})`);
}
