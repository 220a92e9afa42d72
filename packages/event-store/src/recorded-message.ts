import type { JsMsg } from "nats";
import { type ChainedEvent, chainedEvent } from "./event-chain.ts";
import type { EventCodec } from "./event-codec.ts";
import type { Recorded } from "./event-store.ts";

/** A delivered message as the event it holds; throws `UnknownEvent` for one of a newer version. */
export function recordedMessage<Event>(message: JsMsg, codec: EventCodec<Event>): Recorded<Event> {
  const { version = 0, hash = "" } = chainedMessage(message);
  return {
    event: codec.decode(message.data),
    id: eventIdOf(message),
    sequence: message.seq,
    subject: message.subject,
    time: new Date(message.info.timestampNanos / 1e6),
    version,
    hash,
  };
}

/** The event's id, from the headers. */
export function eventIdOf(message: JsMsg): string {
  return message.headers?.get("ce-id") ?? "";
}

/** A delivered message as the chain sees it. */
export function chainedMessage({ subject, seq, data, headers }: JsMsg): ChainedEvent {
  return chainedEvent({ subject, sequence: seq, data }, headers);
}
