import { replyPhrase } from "@botfactory/phrases";
import type { LedgerEntry } from "@botfactory/simulator";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { markedText, markersIn } from "./chat-history.ts";
import { check, meetsBar } from "./checker.ts";
import { type Turn, turnsOfRuns, writtenLedger } from "./written-ledger.ts";

const CLEAN = { lost: [], duplicated: [], outOfOrder: [], unknown: [], astray: [] };

/** Any number of chats, each with turns of one to four messages that end in any way but silence. */
const runs = fc.array(
  fc.array(
    fc.record({
      size: fc.integer({ min: 1, max: 4 }),
      end: fc.constantFrom<Turn["end"]>("answer", "answer", "refusal", "apology", "blocked"),
      attempts: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 12 },
  ),
  { minLength: 1, maxLength: 4 },
);

const sent = (entry: LedgerEntry) => entry.kind === "call" && entry.method === "sendMessage" && entry.executed;

/** A ledger with one message that was sent, chosen by a number, changed as a broken product would have it. */
function mutant(ledger: readonly LedgerEntry[], choice: number, change: (at: number) => readonly LedgerEntry[]) {
  const places = ledger.flatMap((entry, index) => (sent(entry) ? [index] : []));
  return change(places[choice % places.length] ?? 0);
}

describe("a clean run", () => {
  it("reports nothing, whatever was asked and however it ended", () => {
    fc.assert(
      fc.property(runs, (chats) => {
        const turns = turnsOfRuns(chats);
        const report = check(writtenLedger(turns));
        expect(report).toMatchObject(CLEAN);
        expect(meetsBar(report)).toBe(true);
        const asked = turns.flat().reduce((sum, { markers }) => sum + markers.length, 0);
        expect(report.updates).toBe(asked);
        expect(Object.values(report.classes).reduce((sum, count) => sum + count, 0)).toBe(asked);
      }),
    );
  });

  it("tells the four ends of an update apart", () => {
    const ends: Turn["end"][] = ["answer", "refusal", "apology", "blocked"];
    const { classes } = check(writtenLedger(turnsOfRuns([ends.map((end) => ({ size: 1, end, attempts: 1 }))])));
    expect(classes).toEqual({ answered: 1, refused: 1, quarantined: 1, undeliverable: 1 });
  });
});

describe("a product that", () => {
  const broken = (
    change: (ledger: readonly LedgerEntry[], at: number) => readonly LedgerEntry[],
    expectReport: (report: ReturnType<typeof check>) => void,
  ) =>
    fc.assert(
      fc.property(runs, fc.nat(), (chats, choice) => {
        const ledger = writtenLedger(turnsOfRuns(chats));
        fc.pre(ledger.some(sent));
        const report = check(mutant(ledger, choice, (at) => change(ledger, at)));
        expect(meetsBar(report)).toBe(false);
        expectReport(report);
      }),
    );

  it("drops one message has lost what it answered", () =>
    broken(
      (ledger, at) => ledger.toSpliced(at, 1),
      ({ lost }) => expect(lost.length).toBeGreaterThan(0),
    ));

  it("sends one message twice has a double, without an excuse", () =>
    broken(
      (ledger, at) => [...ledger, ...ledger.slice(at, at + 1)],
      ({ duplicated, lost }) => {
        expect(duplicated).toEqual([expect.objectContaining({ excuse: undefined })]);
        expect(lost).toEqual([]);
      },
    ));

  it("answers once more, together with a new message, what it had answered has a double", () => {
    const ledger = writtenLedger(
      turnsOfRuns([["answer", "answer"].map(() => ({ size: 1, end: "answer", attempts: 1 }))]),
    );
    const again = `You wrote: “${markedText(1)}\n${markedText(2)}”.`;
    const last = ledger.findLastIndex(sent);
    const report = check(
      ledger.map((entry, index) =>
        index === last && entry.kind === "call" ? { ...entry, payload: { ...entry.payload, text: again } } : entry,
      ),
    );
    expect(report.duplicated).toEqual([expect.objectContaining({ excuse: undefined })]);
    expect(report.lost).toEqual([]);
  });

  it("swaps two answers of a chat is out of order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), (count, choice) => {
        const turns = Array.from({ length: count }, () => ({ size: 1, end: "answer" as const, attempts: 1 }));
        const ledger = writtenLedger(turnsOfRuns([turns]));
        const places = ledger.flatMap((entry, index) => (sent(entry) ? [index] : []));
        const at = choice % (count - 1);
        const [one = 0, other = 0] = [places[at], places[at + 1]];
        const [first, second] = [ledger[one], ledger[other]];
        const swapped = ledger.flatMap(
          (entry, index) => (index === one ? second : index === other ? first : entry) ?? [],
        );
        const report = check(swapped);
        expect(report.outOfOrder).toHaveLength(1);
        expect(report).toMatchObject({ lost: [], duplicated: [], unknown: [] });
      }),
    );
  });

  it("refuses late what should have been refused before the next answer is out of order", () => {
    const turns = turnsOfRuns([["refusal" as const, "answer" as const].map((end) => ({ size: 1, end, attempts: 1 }))]);
    const ledger = writtenLedger(turns);
    const refused = ledger.findIndex(sent);
    const report = check([...ledger.toSpliced(refused, 1), ...ledger.slice(refused, refused + 1)]);
    expect(report.outOfOrder).toHaveLength(1);
    expect(report.lost).toEqual([]);
  });

  it("answers in another chat has lost one and said one astray", () => {
    const ledger = writtenLedger(turnsOfRuns([[{ size: 1, end: "answer", attempts: 1 }]]));
    const report = check(
      ledger.map((entry) =>
        entry.kind === "call" ? { ...entry, payload: { ...entry.payload, chat_id: 999 } } : entry,
      ),
    );
    expect(report.lost).toHaveLength(1);
    expect(report.astray).toHaveLength(1);
  });

  it("never takes an update leaves it unknown, not lost", () => {
    const ledger = writtenLedger(turnsOfRuns([[{ size: 1, end: "answer", attempts: 3 }]]));
    const report = check(ledger.filter((entry) => entry.kind === "delivery" && entry.outcome === "retried"));
    expect(report.unknown).toHaveLength(1);
    expect(report.lost).toEqual([]);
  });
});

describe("an update nobody was told about", () => {
  it("counts as set aside when the second witness says so", () => {
    const ledger = writtenLedger(turnsOfRuns([[{ size: 1, end: "answer", attempts: 1 }]])).filter((it) => !sent(it));
    expect(check(ledger).lost).toHaveLength(1);
    const report = check(ledger, { isQuarantined: (name) => name.startsWith("1/") });
    expect(report.lost).toEqual([]);
    expect(report.classes.quarantined).toBe(1);
  });
});

describe("a double", () => {
  const [first] = [writtenLedger(turnsOfRuns([[{ size: 1, end: "answer", attempts: 1 }]]))];
  const said = first.find(sent);
  const doubled = (more: object) => (said === undefined ? first : [...first, { ...said, ...more }]);
  const at = said?.at ?? 0;
  const kill = { kind: "kill" as const, process: "conversation-1", at: at + 5, until: at + 5 };

  it("is excused by a kill of its first sender in between", () => {
    const report = check(doubled({ at: at + 3_000, caller: "conversation-2" }), { faults: [kill] });
    expect(report.duplicated).toEqual([expect.objectContaining({ excuse: kill })]);
    expect(meetsBar(report)).toBe(true);
  });

  it.each([
    ["of another process", { ...kill, process: "conversation-2" }],
    ["after the repeat", { ...kill, at: at + 4_000, until: at + 4_000 }],
    ["when the first was long noted", { ...kill, at: at + 20_000, until: at + 20_000 }, 40_000],
    ["long before the first", { ...kill, at: at - 2_000, until: at - 2_000 }],
  ])("is not excused by a kill %s", (_, fault, secondMs = 3_000) => {
    const report = check(doubled({ at: at + secondMs, caller: "conversation-2" }), { faults: [fault] });
    expect(meetsBar(report)).toBe(false);
  });

  it("is not excused by a kill after the chat went on, which it does only when the first one's end was noted", () => {
    const ledger = writtenLedger(turnsOfRuns([[1, 2].map(() => ({ size: 1, end: "answer", attempts: 1 }))]));
    const [one, other] = ledger.filter(sent);
    if (one === undefined || other === undefined) throw new Error("two answers are needed");
    const fault = { ...kill, at: other.at + 5, until: other.at + 5 };
    const report = check([...ledger, { ...one, at: other.at + 3_000 }], { faults: [fault] });
    expect(report.duplicated).toEqual([expect.objectContaining({ excuse: undefined })]);
  });

  it("of a double is excused by a kill of the one that repeated it", () => {
    const repeat = { at: at + 3_000, caller: "conversation-2" };
    const later = { ...kill, process: "conversation-2", at: at + 3_005, until: at + 3_005 };
    const thrice = [...doubled(repeat), ...doubled({ at: at + 6_000, caller: "conversation-1" }).slice(-1)];
    const excuses = check(thrice, { faults: [kill, later] }).duplicated.map(({ excuse }) => excuse);
    expect(excuses).toEqual([kill, later]);
  });

  it("is excused only once by one kill", () => {
    const twice = [...doubled({ at: at + 3_000 }), ...doubled({ at: at + 4_000 }).slice(-1)];
    const excuses = check(twice, { faults: [kill] }).duplicated.map(({ excuse }) => excuse);
    expect(excuses).toEqual([kill, undefined]);
  });

  it("of a sentence is excused though the same sentence was said of the next message too", () => {
    const ledger = writtenLedger(turnsOfRuns([[1, 2].map(() => ({ size: 1, end: "refusal", attempts: 1 }))]));
    const [one, other] = ledger.filter(sent);
    if (one === undefined || other === undefined) throw new Error("two refusals are needed");
    const others = ledger.filter((entry) => entry !== other);
    const fault = { ...kill, at: one.at + 5, until: one.at + 5 };
    const again = { ...one, at: one.at + 3_000, caller: "conversation-2" };
    const later = { ...other, at: one.at + 9_000, caller: "conversation-2" };
    expect(check([...others, again, later], { faults: [fault] }).duplicated).toMatchObject([
      { excuse: fault, firstAt: one.at, secondAt: again.at },
    ]);
    expect(check([...others, again, later]).duplicated).toMatchObject([{ excuse: undefined }]);
  });

  it("is excused when its second sender was held while the first took over", () => {
    const held = { kind: "stop" as const, process: "conversation-2", at: at - 5_000, until: at + 2_500 };
    const report = check(doubled({ at: at + 2_600, caller: "conversation-2" }), { faults: [held] });
    expect(meetsBar(report)).toBe(true);
  });
});

describe("the longest wait", () => {
  it("goes from the first post of a message to its answer, Telegram's repeats included", () => {
    // A post or a call every 10 ms.
    const turns: Turn[] = [
      { markers: [1], end: "answer", attempts: 1 },
      { markers: [2, 3], end: "answer", attempts: 3 },
      { markers: [4], end: "refusal", attempts: 2 },
    ];
    expect(check(writtenLedger([turns])).longestWaitMs).toBe(60);
  });
});

describe("a call of the model", () => {
  it("is wasted when its text was never sent, not when Telegram refused it", () => {
    const ends: Turn["end"][] = ["answer", "blocked", "refusal"];
    const ledger = writtenLedger(turnsOfRuns([ends.map((end) => ({ size: 2, end, attempts: 1 }))]));
    expect(check(ledger, { modelAnswers: 5 }).wastedModelCalls).toBe(3);
    expect(check(ledger).wastedModelCalls).toBeUndefined();
  });
});

describe("markers", () => {
  it("are found in an answer that repeats several messages, each once, in its order", () => {
    expect(markersIn(`You wrote: “${markedText(12)}\n${markedText(7)}”, “${markedText(12)}”`)).toEqual([12, 7]);
  });

  it("are not sought in the product's own sentences", () => {
    const text = replyPhrase("ru", "ai_rate_minute", { minutes: "q5" });
    const report = check(
      writtenLedger(turnsOfRuns([[{ size: 1, end: "refusal", attempts: 1 }]])).map((entry) =>
        sent(entry) && entry.kind === "call" ? { ...entry, payload: { ...entry.payload, text } } : entry,
      ),
    );
    expect(report.classes.refused).toBe(1);
  });
});
