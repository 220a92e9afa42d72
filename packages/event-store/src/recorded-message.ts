import type { JsMsg } from "nats";
import type { EventCodec } from "./event-codec.ts";
import type { Recorded } from "./event-store.ts";

/** A delivered message as the event it holds; throws `UnknownEvent` for one of a newer version. */
export function recordedMessage<Event>(message: JsMsg, codec: EventCodec<Event>): Recorded<Event> {
  return {
    event: codec.decode(message.data),
    id: eventIdOf(message),
    sequence: message.seq,
    subject: message.subject,
    time: new Date(message.info.timestampNanos / 1e6),
  };
}

/** The event's id, from the headers. */
export function eventIdOf(message: JsMsg): string {
  return message.headers?.get("ce-id") ?? "";
}
