import type { StoredMsg } from "nats";

/** Where what is set aside is kept. */
export const STREAM = "QUARANTINE";

/** A message that was set aside, without what stands in it. */
export interface Quarantined {
  /** Its place in the stream, by which it is asked for. */
  readonly sequence: number;
  /** When it was set aside. */
  readonly at: string;
  /** The service that set it aside. */
  readonly service: string;
  readonly botId: string;
  readonly subject: string;
  readonly reason: string;
  /** Telegram's number of the update, where it could be read. */
  readonly updateId?: string;
  readonly traceparent?: string;
  readonly bytes: number;
}

/** What is known of a message in the stream. */
export function about({ seq, subject, time, header, data }: StoredMsg): Quarantined {
  const [, service = "", botId = ""] = subject.split(".");
  const [updateId, traceparent] = [header.get("Telegram-Update-Id"), header.get("traceparent")];
  return {
    sequence: seq,
    at: time.toISOString(),
    service,
    botId,
    subject,
    reason: header.get("Quarantine-Reason"),
    ...(updateId && { updateId }),
    ...(traceparent && { traceparent }),
    bytes: data.length,
  };
}
