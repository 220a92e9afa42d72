import type { Msg, MsgHdrs, StoredMsg } from "nats";
import { serverHeader } from "./server-header.ts";

/** A message as a stream keeps it, whichever of the stream's copies it came from. */
export interface StreamMessage {
  /** Position in the stream. */
  readonly sequence: number;
  readonly subject: string;
  /** When it was stored. */
  readonly time: Date;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

/** An answer to a direct get, in which the server names what it is about in the headers; undefined when those cannot be read. */
export function directMessage({ data, headers }: Msg): StreamMessage | undefined {
  const sequence = Number(serverHeader(headers, "Nats-Sequence"));
  if (!(sequence > 0)) return undefined;
  return {
    sequence,
    subject: serverHeader(headers, "Nats-Subject") ?? "",
    // Asked of few, and a tenth of what reading costs.
    get time() {
      return new Date(serverHeader(headers, "Nats-Time-Stamp") ?? "");
    },
    data,
    headers,
  };
}

/** A message the stream's leader was asked for. */
export function leadersMessage({ seq, subject, time, data, header }: StoredMsg): StreamMessage {
  return { sequence: seq, subject, time, data, headers: header };
}
