import type { Recorded } from "./event-store.ts";
import type { Fold } from "./fold-into.ts";

/** Events of one subject as the log would hold them, with sequences 1, 2, 3…, for the tests of a read model. */
export function recordedHistory<Event>(subject: string, ...events: readonly Event[]): Recorded<Event>[] {
  return events.map((event, index) => ({
    event,
    id: `${subject}-${index + 1}`,
    sequence: index + 1,
    subject,
    time: new Date(Date.UTC(2026, 0, 1) + index * 1000),
    version: index + 1,
    hash: "",
  }));
}

/** The documents, by `_id`, that a fold makes of a history: what `foldInto` would store, without a database. */
export function foldDocuments<Document extends object, Event>(
  { ids, evolve }: Pick<Fold<Document, Event>, "ids" | "evolve">,
  history: readonly Recorded<Event>[],
): Map<string, Document> {
  const documents = new Map<string, Document>();
  for (const recorded of history) {
    for (const id of ids(recorded)) {
      const document = evolve(documents.get(id), recorded, id);
      if (document === undefined) documents.delete(id);
      else documents.set(id, document);
    }
  }
  return documents;
}
