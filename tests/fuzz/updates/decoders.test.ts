import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { incomingUpdate } from "../../../services/conversation/src/domain/incoming-update.ts";
import { addressOf } from "../../../services/ingress/src/update.ts";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { tally } from "../support/tally.ts";
import { expectedAddress, expectedContent } from "./oracle.ts";
import { anyUpdate, updateBytes } from "./update.ts";

const numRuns = countOf({ short: 2_000, full: 100_000 });

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

describe("an update of any shape", () => {
  it(
    "is put where its parts say, or set aside for the reason they say",
    () => {
      const seconds = stopwatch();
      const classes = tally();
      const check = fc.property(anyUpdate(), (parts) => {
        const found = addressOf(updateBytes(parts));
        classes.add(typeof found === "string" ? found : "address");
        expect(found).toEqual(expectedAddress(parts));
      });
      fc.assert(check, { seed: seedOfRun(), numRuns });
      for (const name of ["address", "not_json", "too_deep", "no_update_id", "no_chat"]) {
        expect(classes.of(name)).toBeGreaterThan(0);
      }
      report("updates-at-ingress", { inputs: numRuns, seconds: seconds(), classes: classes.all() });
    },
    timeFor(30_000),
  );

  it(
    "is read as what its parts say, or passed over for the reason they say",
    () => {
      const seconds = stopwatch();
      const classes = tally();
      const check = fc.property(anyUpdate(), (parts) => {
        const found = incomingUpdate(parsed(updateBytes(parts)));
        classes.add(found.kind === "pass-over" ? found.reason : found.kind);
        expect(found).toMatchObject(expectedContent(parts));
      });
      fc.assert(check, { seed: seedOfRun(), numRuns });
      for (const name of ["text", "no-text", "unreadable", "not_from_a_person", "no_text", "service_message"]) {
        expect(classes.of(name)).toBeGreaterThan(0);
      }
      report("updates-at-conversation", { inputs: numRuns, seconds: seconds(), classes: classes.all() });
    },
    timeFor(30_000),
  );
});
