import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Append, type EventStore, VersionConflict } from "../src/index.ts";
import { claimCodec, claimed, released } from "./claims.ts";

let subjects = 0;
const freshSubject = () => `telegram-bots.${++subjects}`;

const appendOf = (subject: string, expectedSequence: number, ...botIds: string[]): Append => ({
  subject,
  expectedSequence,
  events: botIds.map((botId) => claimCodec.encode(claimed(botId))),
});

/** What every event store promises; run against memory and against a real server. */
export function specifyEventStore(open: () => Promise<EventStore>) {
  let store: EventStore;
  beforeAll(async () => {
    store = await open();
  });

  const botIds = async (subject: string, after = 0) =>
    (await store.read(subject, claimCodec, { after })).map(({ event }) => event.value.botId);

  describe("an empty subject", () => {
    it("has no events", async () => expect(await store.read(freshSubject(), claimCodec)).toEqual([]));

    it("takes a first event at revision 0 only", async () => {
      const subject = freshSubject();
      await expect(store.append([appendOf(subject, 7, "b1")])).rejects.toThrow(VersionConflict);
      expect(await botIds(subject)).toEqual([]);
    });
  });

  describe("an appended event", () => {
    it("is read back whole, with its id, subject, revision and the log's time", async () => {
      const subject = freshSubject();
      const append = { subject, expectedSequence: 0, events: [claimCodec.encode(released("b1"))] };
      const [revision] = await store.append([append]);
      const [recorded, ...more] = await store.read(subject, claimCodec);
      expect(more).toEqual([]);
      expect(recorded).toMatchObject({ event: released("b1"), id: append.events[0]?.id, subject, sequence: revision });
      expect(Math.abs(Date.now() - Number(recorded?.time))).toBeLessThan(60_000);
    });

    it("is not seen by other subjects", async () => {
      const [mine, other] = [freshSubject(), freshSubject()];
      await store.append([appendOf(mine, 0, "b1")]);
      expect(await botIds(other)).toEqual([]);
    });

    it("is skipped by who has read it already", async () => {
      const subject = freshSubject();
      const [first = 0] = await store.append([appendOf(subject, 0, "b1")]);
      await store.append([appendOf(subject, first, "b2", "b3")]);
      expect(await botIds(subject, first)).toEqual(["b2", "b3"]);
    });
  });

  describe("an append with a stale revision", () => {
    it("is refused and stores nothing", async () => {
      const subject = freshSubject();
      await store.append([appendOf(subject, 0, "b1")]);
      await expect(store.append([appendOf(subject, 0, "b2")])).rejects.toThrow(VersionConflict);
      expect(await botIds(subject)).toEqual(["b1"]);
    });

    it("is refused for several events as a whole", async () => {
      const subject = freshSubject();
      await store.append([appendOf(subject, 0, "b1")]);
      await expect(store.append([appendOf(subject, 0, "b2", "b3")])).rejects.toThrow(VersionConflict);
      expect(await botIds(subject)).toEqual(["b1"]);
    });
  });

  describe("an append whose acknowledgement got lost", () => {
    it.each([
      ["one event", ["b1"]],
      ["several events", ["b1", "b2", "b3"]],
    ])("succeeds when sent again, with the same revision and nothing stored twice: %s", async (_, ids) => {
      const subject = freshSubject();
      const append = appendOf(subject, 0, ...ids);
      const first = await store.append([append]);
      expect(await store.append([append])).toEqual(first);
      expect(await botIds(subject)).toEqual(ids);
    });

    it("succeeds even when others have appended since", async () => {
      const subject = freshSubject();
      const append = appendOf(subject, 0, "b1", "b2");
      const [revision = 0] = await store.append([append]);
      await store.append([appendOf(subject, revision, "b3")]);
      expect(await store.append([append])).toEqual([revision]);
      expect(await botIds(subject)).toEqual(["b1", "b2", "b3"]);
    });

    it("succeeds over two subjects", async () => {
      const [one, two] = [freshSubject(), freshSubject()];
      const both = [appendOf(one, 0, "b1"), appendOf(two, 0, "b2")];
      const first = await store.append(both);
      expect(await store.append(both)).toEqual(first);
      expect([await botIds(one), await botIds(two)]).toEqual([["b1"], ["b2"]]);
    });
  });

  describe("a writer that reads on from before its own append", () => {
    it("finds what it wrote, and what others wrote in between is not there: the append would have been refused", async () => {
      const subject = freshSubject();
      const [first = 0] = await store.append([appendOf(subject, 0, "b1")]);
      const [second = 0] = await store.append([appendOf(subject, first, "b2", "b3")]);
      const read = await store.read(subject, claimCodec, { after: first, upTo: second });
      expect(read.map(({ event, sequence }) => [event.value.botId, sequence])).toEqual([
        ["b2", second - 1],
        ["b3", second],
      ]);
    });

    it("goes on to everything when it asks for everything", async () => {
      const subject = freshSubject();
      const [first = 0] = await store.append([appendOf(subject, 0, "b1")]);
      const [second = 0] = await store.append([appendOf(subject, first, "b2")]);
      await store.append([appendOf(subject, second, "b3")]);
      expect(await botIds(subject, second)).toEqual(["b3"]);
      expect(await botIds(subject, first)).toEqual(["b2", "b3"]);
    });
  });

  describe("two subjects in one append", () => {
    it("are stored together, each with its own revision", async () => {
      const [one, two] = [freshSubject(), freshSubject()];
      const revisions = await store.append([appendOf(one, 0, "b1", "b2"), appendOf(two, 0, "b3")]);
      const last = async (subject: string) => (await store.read(subject, claimCodec)).at(-1)?.sequence;
      expect(revisions).toEqual([await last(one), await last(two)]);
    });

    it.each([
      ["first", 0],
      ["second", 1],
    ])("are both refused when the %s is stale", async (_, stale) => {
      const pair = [freshSubject(), freshSubject()] as const;
      await store.append([appendOf(pair[stale] ?? "", 0, "taken")]);
      await expect(store.append([appendOf(pair[0], 0, "b1"), appendOf(pair[1], 0, "b2")])).rejects.toThrow(
        VersionConflict,
      );
      const all = [...(await botIds(pair[0])), ...(await botIds(pair[1]))];
      expect(all).toEqual(["taken"]);
    });

    it("keep the revision of the one that has no events", async () => {
      const [one, two] = [freshSubject(), freshSubject()];
      const [revision, untouched] = await store.append([appendOf(one, 0, "b1"), appendOf(two, 42)]);
      expect(revision).toBeGreaterThan(0);
      expect(untouched).toBe(42);
    });
  });

  describe("fifty racing appends", () => {
    const outcomes = async (appends: readonly (readonly Append[])[]) => {
      const settled = await Promise.allSettled(appends.map((append) => store.append(append)));
      const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      return { won: settled.length - refused.length, refused };
    };

    it("of one event each give exactly one winner and 49 conflicts", async () => {
      const subject = freshSubject();
      const { won, refused } = await outcomes(Array.from({ length: 50 }, (_, i) => [appendOf(subject, 0, `b${i}`)]));
      expect(won).toBe(1);
      expect(refused).toEqual(Array.from({ length: 49 }, () => expect.any(VersionConflict)));
      expect(await botIds(subject)).toHaveLength(1);
    });

    it("of a claim with the claimer's own subject give one winner, and the losers leave nothing", async () => {
      const prize = freshSubject();
      const owners = Array.from({ length: 50 }, freshSubject);
      const { won, refused } = await outcomes(owners.map((own) => [appendOf(own, 0, own), appendOf(prize, 0, own)]));
      expect(won).toBe(1);
      expect(refused).toEqual(Array.from({ length: 49 }, () => expect.any(VersionConflict)));
      const [winner] = await botIds(prize);
      expect((await Promise.all(owners.map((own) => botIds(own)))).flat()).toEqual([winner]);
    });
  });

  describe("a subject of 10,000 events among others", () => {
    it("is read in order, without gap and without strangers", async () => {
      const [long, other] = [freshSubject(), freshSubject()];
      const ids = Array.from({ length: 10_000 }, (_, index) => `b${index}`);
      let [expected, between] = [0, 0];
      for (let from = 0; from < ids.length; from += 500) {
        [expected = 0, between = 0] = await store.append([
          appendOf(long, expected, ...ids.slice(from, from + 500)),
          appendOf(other, between, "stranger"),
        ]);
      }
      expect(await botIds(long)).toEqual(ids);
      expect((await botIds(long, expected - 3)).length).toBe(3);
    });
  });
}
