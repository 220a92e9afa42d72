import { DomainError } from "@botfactory/decider";
import { create, type DescMessage, fromBinary, type Message, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { v7 as newEventId } from "uuid";

/**
 * The events of one aggregate, as the union protobuf-es makes of the wrapper's `oneof event`, without its unset case:
 * `EventOf<typeof AccountEventSchema>` is `{ case: "botCreated"; value: BotCreated } | …`.
 */
export type EventOf<Wrapper extends DescMessage> =
  MessageShape<Wrapper> extends { event: infer Event } ? Exclude<Event, { case: undefined }> : never;

/** One event ready for the log: its id (UUIDv7), its CloudEvents headers and its protobuf bytes. */
export interface EncodedEvent {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** Turns events of one aggregate into bytes with headers, and bytes back into events. */
export interface EventCodec<Event> {
  encode(event: Event): EncodedEvent;
  /** Throws {@link UnknownEvent} when a newer version wrote an event this one does not know. */
  decode(payload: Uint8Array): Event;
}

/**
 * The log holds an event this version does not know: a newer version wrote it. A writer must not go on (it would decide
 * on a state that lacks a fact) and is `unavailable` until one of that version takes over; a projection may skip it and be
 * rebuilt later.
 */
export class UnknownEvent extends DomainError {
  constructor(wrapper: string) {
    super("unavailable", "unavailable", {
      cause: new Error(`no known event in ${wrapper}: written by a newer version`),
    });
  }
}

type AnyEvent = { readonly case: string; readonly value: Message };

/**
 * The codec of a wrapper message with `oneof event`, for events produced by `source` (a service, such as "bots").
 * Headers follow the NATS binding of CloudEvents 1.0 in binary mode, with `ce-` as the prefix.
 */
export function eventCodec<Wrapper extends DescMessage>(
  schema: Wrapper,
  source: string,
): EventCodec<EventOf<Wrapper> & AnyEvent> {
  // Widened on purpose: the library's types of an abstract schema cannot be followed, those of any message can.
  const wrapper: DescMessage = schema;
  return {
    encode: (event) => {
      const id = newEventId();
      return {
        id,
        headers: {
          "ce-specversion": "1.0",
          "ce-id": id,
          "ce-type": event.value.$typeName,
          "ce-source": source,
          "ce-time": new Date().toISOString(),
          "content-type": "application/protobuf",
        },
        payload: toBinary(wrapper, create(wrapper, { event })),
      };
    },
    decode: (payload) => {
      // A message is a view of what the socket read, and bytes in it are views of the message: kept, they would keep it all.
      const message = fromBinary(wrapper, new Uint8Array(payload));
      if (!holdsEvent<EventOf<Wrapper> & AnyEvent>(message)) {
        throw new UnknownEvent(wrapper.typeName);
      }
      return message.event;
    },
  };
}

function holdsEvent<Event extends AnyEvent>(message: Message): message is Message & { event: Event } {
  const { event } = { event: undefined, ...message };
  return typeof event === "object" && event !== null && "case" in event && event["case"] !== undefined;
}
