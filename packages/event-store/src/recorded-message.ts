import { type ChainedEvent, chainedEvent } from "./event-chain.ts";
import type { EventCodec } from "./event-codec.ts";
import type { Recorded } from "./event-store.ts";
import type { StreamMessage } from "./stream-message.ts";

/** A message as the event it holds; throws `UnknownEvent` for one of a newer version. */
export function recordedMessage<Event>(message: StreamMessage, codec: EventCodec<Event>): Recorded<Event> {
  const { version = 0, hash = "" } = chainedMessage(message);
  return {
    event: codec.decode(message.data),
    id: eventIdOf(message),
    sequence: message.sequence,
    subject: message.subject,
    time: message.time,
    version,
    hash,
  };
}

/** The event's id, from the headers. */
export function eventIdOf(message: StreamMessage): string {
  return message.headers?.get("ce-id") ?? "";
}

/** A message as the chain sees it. */
export function chainedMessage({ headers, ...at }: StreamMessage): ChainedEvent {
  return chainedEvent(at, headers);
}
