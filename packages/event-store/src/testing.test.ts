import { describe, expect, it } from "@jest/globals";
import { foldDocuments, recordedHistory } from "./testing.ts";

describe("documents folded in memory", () => {
  it("come, change and go with the events that concern them", () => {
    const count = {
      ids: ({ event }: { event: string }) => (event === "nothing" ? [] : [event.slice(0, 1)]),
      evolve: (document: { seen: number } | undefined, { event }: { event: string }) =>
        event.endsWith("-") ? undefined : { seen: (document?.seen ?? 0) + 1 },
    };
    const history = recordedHistory("letters", "a", "b", "nothing", "a", "b-");
    expect([...foldDocuments(count, history)]).toEqual([["a", { seen: 2 }]]);
    expect(history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  });
});
