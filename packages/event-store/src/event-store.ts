import type { EncodedEvent, EventCodec } from "./event-codec.ts";

/** One event as the log holds it. */
export interface Recorded<Event> {
  readonly event: Event;
  /** UUIDv7 of the event. */
  readonly id: string;
  /** Position in the stream, counted over all subjects from 1; the revision of the subject after this event. */
  readonly sequence: number;
  readonly subject: string;
  /** When the log stored it, by the log's clock. */
  readonly time: Date;
  /** Position in its subject, from 1 without gaps (0: written before events carried it). */
  readonly version: number;
  /** Binds it to all events of its subject before it, see `chainHash` ("": written before events carried it). */
  readonly hash: string;
}

/** Events of one subject to be stored if its last sequence still is `expectedSequence` (0: the subject is empty). */
export interface Append {
  readonly subject: string;
  readonly expectedSequence: number;
  readonly events: readonly EncodedEvent[];
}

/** Which events of a subject are read. */
export interface ReadFrom {
  /** Those after this sequence (0: all). */
  readonly after?: number;
  /**
   * An event of the subject is known to be there, such as the reader's own: nobody asks for the end first, and what came
   * later may be missing from the answer.
   */
  readonly upTo?: number;
}

/** An append-only log in which a subject is one aggregate. */
export interface EventStore {
  /**
   * The subject's events, oldest first. Sees everything that was acknowledged before the call.
   * Throws `UnknownEvent` for an event of a newer version, `LogDamaged` when an event is missing, altered or unreadable,
   * `DomainError` unavailable when the log cannot be reached.
   */
  read<Event>(subject: string, codec: EventCodec<Event>, from?: ReadFrom): Promise<Recorded<Event>[]>;
  /**
   * Stores all events of all appends or none, and answers with the new revision of each append, in their order.
   * An append without events stores nothing, checks nothing and keeps its expected sequence as its revision.
   * Storing the same append twice is one success. Throws {@link VersionConflict} when somebody else was first,
   * `DomainError` unavailable when the log cannot be reached (the events may or may not be stored then).
   */
  append(appends: readonly Append[]): Promise<number[]>;
}

/** Somebody else appended to the subject first: load it again and decide again. */
export class VersionConflict extends Error {
  override readonly name = "VersionConflict";
  readonly subject: string;

  constructor({ subject, expectedSequence }: Append) {
    super(`${subject} is no longer at ${expectedSequence}`);
    this.subject = subject;
  }
}
