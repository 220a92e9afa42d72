import type { EncodedEvent } from "./event-codec.ts";
import { type Append, type EventStore, VersionConflict } from "./event-store.ts";

interface Stored extends EncodedEvent {
  readonly subject: string;
  readonly sequence: number;
  readonly time: Date;
}

/** An event store in this process's memory, for unit tests: the same promises as the log, kept until it is dropped. */
export function inMemoryEventStore(): EventStore {
  const log: Stored[] = [];
  const of = (subject: string) => log.filter((stored) => stored.subject === subject);

  const isStored = ({ subject, expectedSequence, events }: Append) =>
    of(subject).find(({ sequence }) => sequence > expectedSequence)?.id === events[0]?.id;
  const isStale = ({ subject, expectedSequence }: Append) => (of(subject).at(-1)?.sequence ?? 0) !== expectedSequence;

  const store = ({ subject, events }: Append) => {
    const time = new Date();
    for (const event of events) log.push({ ...event, subject, sequence: log.length + 1, time });
  };

  return {
    read: async (subject, codec, afterSequence = 0) =>
      of(subject)
        .filter(({ sequence }) => sequence > afterSequence)
        .map(({ payload, id, sequence, time }) => ({ event: codec.decode(payload), id, sequence, subject, time })),

    append: async (appends) => {
      const written = appends.filter(({ events }) => events.length > 0);
      const stale = written.find(isStale);
      if (stale !== undefined && !written.every(isStored)) throw new VersionConflict(stale);
      if (stale === undefined) written.forEach(store);
      return appends.map(({ expectedSequence, events }) => {
        const last = events.at(-1)?.id;
        return log.find(({ id }) => id === last)?.sequence ?? expectedSequence;
      });
    },
  };
}
