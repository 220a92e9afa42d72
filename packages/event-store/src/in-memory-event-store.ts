import { CHAIN_START, chainedEvent, linkAt } from "./event-chain.ts";
import type { EncodedEvent } from "./event-codec.ts";
import { type Append, type EventStore, type Recorded, VersionConflict } from "./event-store.ts";
import { extended } from "./extend-chain.ts";

interface Stored extends EncodedEvent, Pick<Recorded<never>, "subject" | "sequence" | "time"> {}

/** An event store in this process's memory, for unit tests: the same promises as the log, kept until it is dropped. */
export function inMemoryEventStore(): EventStore {
  const log: Stored[] = [];
  const of = (subject: string) => log.filter((stored) => stored.subject === subject);

  const isStored = ({ subject, expectedSequence, events }: Append) =>
    of(subject).find(({ sequence }) => sequence > expectedSequence)?.id === events[0]?.id;
  const isStale = ({ subject, expectedSequence }: Append) => (of(subject).at(-1)?.sequence ?? 0) !== expectedSequence;

  const store = (append: Append) => {
    const { subject } = append;
    const last = of(subject).at(-1);
    const { events } = extended(last === undefined ? CHAIN_START : linkAt(chained(last)), append).append;
    const time = new Date();
    for (const event of events) log.push({ ...event, subject, sequence: log.length + 1, time });
  };

  return {
    read: async (subject, codec, { after = 0 } = {}) =>
      of(subject)
        .filter(({ sequence }) => sequence > after)
        .map((stored) => {
          const { id, sequence, version = 0, hash = "" } = chained(stored);
          return { event: codec.decode(stored.payload), id, sequence, subject, time: stored.time, version, hash };
        }),

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

function chained({ subject, sequence, headers, payload }: Stored) {
  return chainedEvent({ subject, sequence, data: payload }, { get: (name) => headers[name] ?? "" });
}
