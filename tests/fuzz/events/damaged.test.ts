import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { tally } from "../support/tally.ts";
import { readDamaged } from "./damage.ts";
import { goldenWrappers } from "./golden.ts";
import { anyMutations, mutated } from "./mutate.ts";
import { READERS } from "./readers.ts";

// A fifth for each kind of event, 100,000 in all.
const numRuns = countOf({ short: 500, full: 20_000 });

it("leaves no kind of event out", () => {
  expect(READERS).toHaveLength(goldenWrappers().size);
});

describe("a fold", () => {
  const counting = (before: { charged: number }, apply: () => unknown) => ({
    name: "counting",
    golden: [],
    decode: () => [{ of: "count", before, apply }],
  });

  it("that changes the state before in place is told", () => {
    const before = { charged: 3 };
    const reader = counting(before, () => Object.assign(before, { charged: 4 }));
    expect(() => readDamaged(reader, Buffer.of())).toThrow("in place");
  });

  it("that makes a number V8 keeps in another form has left the state before alone", () => {
    const before = { charged: 3 };
    const reader = counting(before, () => [{ charged: 3_000_000_000 }, { ...before }]);
    expect(readDamaged(reader, Buffer.of())).toBe("folded");
  });
});

describe.each(READERS)("a damaged event of $name", (reader) => {
  it(
    "is refused or folded whole, and leaves the state before as it was",
    () => {
      const seconds = stopwatch();
      const outcomes = tally();
      const check = fc.property(fc.constantFrom(...reader.golden), anyMutations(), (bytes, mutations) => {
        outcomes.add(readDamaged(reader, mutated(bytes, mutations, reader.golden)));
      });
      fc.assert(check, { seed: seedOfRun(), numRuns });
      for (const outcome of ["folded", "refused", "unknown"]) expect(outcomes.of(outcome)).toBeGreaterThan(0);
      report(`events-${reader.name}`, { inputs: numRuns, seconds: seconds(), outcomes: outcomes.all() });
    },
    timeFor(30_000),
  );
});
