import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readable } from "../../../services/conversation/src/domain/incoming-update.ts";
import { splitReply } from "../../../services/conversation/src/split-reply.ts";
import { finishText, MAX_TEXT_LENGTH, readText } from "../../../tools/simulator/src/text/formatted-text.ts";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { anyModelOutput } from "./model-output.ts";

const numRuns = countOf({ short: 2_000, full: 20_000 });

/** What Telegram makes of a part; throws its refusal. */
function takenByTelegram(text: string): string {
  return finishText(readText({ text })).text;
}

// Telegram takes these away, and white space at a cut is lost by design.
const LOSABLE = /[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff]|\u030a|\u0333|\u033f/gu;
const essence = (text: string) => text.replace(LOSABLE, "");

describe("a reply of any model output", () => {
  it(
    "goes to Telegram in parts it takes, which say together what the model said",
    () => {
      const seconds = stopwatch();
      let parts = 0;
      const check = fc.property(anyModelOutput(), (output) => {
        const reply = readable(output);
        const cut = splitReply(reply);
        parts += cut.length;
        for (const part of cut) {
          expect(part.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
          expect(part).not.toMatch(/\p{Surrogate}/u);
        }
        expect(essence(cut.map(takenByTelegram).join(""))).toBe(essence(reply));
      });
      fc.assert(check, { seed: seedOfRun(), numRuns });
      report("replies", { inputs: numRuns, parts, seconds: seconds() });
    },
    timeFor(60_000),
  );
});

describe("the Telegram that judges them", () => {
  const TEXT = "a👾b";
  const bold = (offset: number, length: number) => ({ text: TEXT, entities: [{ type: "bold", offset, length }] });

  it.each([
    ["half a surrogate pair", { text: "a\ud83d" }],
    ["one character more than 4,096", { text: "x".repeat(4_097) }],
    ["nothing visible", { text: "\u200b\u2060\n" }],
    ["an entity that begins inside a surrogate pair", bold(2, 1)],
    ["an entity that ends inside a surrogate pair", bold(0, 2)],
    ["an entity that begins after the end", bold(5, 1)],
    ["an entity that ends after the end", bold(3, 2)],
    ["an entity before the beginning", bold(-1, 1)],
    ["an entity of a kind that is none", { text: TEXT, entities: [{ type: "hologram", offset: 0, length: 1 }] }],
  ])("refuses %s", (_, args) => {
    expect(() => finishText(readText(args))).toThrow(/Bad Request/);
  });

  it("counts an entity's place in UTF-16 units", () => {
    expect(finishText(readText(bold(1, 2))).entities).toEqual([{ type: "bold", offset: 1, length: 2 }]);
  });
});
