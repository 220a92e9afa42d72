import { setTimeout as pause } from "node:timers/promises";
import { DomainError, fold } from "@botfactory/decider";
import { beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { commandHandler, type Decide, type EventStore, unitOfWork, VersionConflict } from "../src/index.ts";
import { type Claim, type ClaimCommand, type ClaimEvent, claim, claimCodec, claimed, released } from "./claims.ts";

let subjects = 0;
const freshSubject = () => `telegram-bots.h${++subjects}`;
const take = (botId: string): ClaimCommand => ({ type: "claim", botId });
const giveBack = (botId: string): ClaimCommand => ({ type: "release", botId });
/** What command handlers and units of work promise over any event store, whether they ask the log first or not. */
export function specifyCommandHandler(open: () => Promise<EventStore>, numRuns: number) {
  describe("asking first", () => specify(open, { numRuns, optimistic: false }));
  describe("deciding first on what is remembered", () => specify(open, { numRuns, optimistic: true }));
}

interface Specified {
  readonly numRuns: number;
  readonly optimistic: boolean;
}

function specify(open: () => Promise<EventStore>, { numRuns, optimistic }: Specified) {
  const handlerOf = (store: EventStore) => commandHandler({ store, decider: claim, codec: claimCodec, optimistic });
  let store: EventStore;
  beforeAll(async () => {
    store = await open();
  });
  const log = async (subject: string) => (await store.read(subject, claimCodec)).map(({ event }) => event);

  describe("a command", () => {
    it("is decided on the subject's state, and answered with the new state, revision and events", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(store)];
      expect(await claims.load(subject)).toEqual({ state: claim.initial, revision: 0 });
      const handled = await claims.handle(subject, take("b1"));
      expect(handled).toMatchObject({ state: { holder: "b1" }, events: [claimed("b1")] });
      expect(await claims.load(subject)).toEqual({ state: handled.state, revision: handled.revision });
    });

    it("that has nothing left to do keeps the revision and stores nothing", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(store)];
      const { revision } = await claims.handle(subject, take("b1"));
      expect(await claims.handle(subject, take("b1"))).toMatchObject({ revision, events: [] });
      expect(await log(subject)).toHaveLength(1);
    });

    it("that is refused stores nothing and says why", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(store)];
      await claims.handle(subject, take("b1"));
      await expect(claims.handle(subject, take("b2"))).rejects.toThrow(new DomainError("conflict", "token_taken"));
      expect(await log(subject)).toEqual([claimed("b1")]);
    });

    it("can be made of the state it is decided on", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(store)];
      await claims.handle(subject, take("b1"));
      await claims.handle(subject, ({ holder = "" }) => giveBack(holder));
      expect(await log(subject)).toEqual([claimed("b1"), released("b1")]);
    });

    it("sees what another process has appended since this one last looked", async () => {
      const [subject, mine, other] = [freshSubject(), handlerOf(store), handlerOf(store)];
      await mine.handle(subject, take("b1"));
      await other.handle(subject, giveBack("b1"));
      expect(await mine.handle(subject, take("b2"))).toMatchObject({ events: [claimed("b2")] });
    });

    it("of fifty at once by five processes succeeds once, and 49 are refused by the rule, not by the race", async () => {
      const subject = freshSubject();
      const handlers = Array.from({ length: 5 }, () => handlerOf(store));
      const settled = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => handlers[i % 5]?.handle(subject, take(`b${i}`), { retries: 60 })),
      );
      const refusals = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(refusals).toEqual(Array.from({ length: 49 }, () => expect.objectContaining({ code: "token_taken" })));
      expect(await log(subject)).toHaveLength(1);
    });

    it("of thirty at once in one process is stored like each of the others, however slow the log is", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(slowed(store))];
      const toggle = ({ holder }: Claim) => (holder === undefined ? take("b1") : giveBack(holder));
      await Promise.all(Array.from({ length: 30 }, () => claims.handle(subject, toggle, { retries: 5 })));
      expect(await log(subject)).toHaveLength(30);
    });

    it("gives up as unavailable after so many lost races", async () => {
      let attempts = 0;
      const hopeless: EventStore = {
        ...store,
        append: async ([first = { subject: "", expectedSequence: 0, events: [] }]) => {
          attempts++;
          throw new VersionConflict(first);
        },
      };
      const handling = handlerOf(hopeless).handle(freshSubject(), take("b1"), { retries: 3 });
      await expect(handling).rejects.toMatchObject({ kind: "unavailable", cause: expect.any(VersionConflict) });
      expect(attempts).toBe(4);
    });
  });

  describe("a unit of work over two subjects", () => {
    it("stores both decisions together and tells both revisions", async () => {
      const [one, two, claims] = [freshSubject(), freshSubject(), handlerOf(store)];
      const { result, revisions } = await unitOfWork(store)(async (decide) => {
        await decide(claims, one, take("b1"));
        return (await decide(claims, two, take("b1"))).state.holder;
      });
      expect(result).toBe("b1");
      expect((await claims.load(one)).revision).toBe(revisions.get(one));
      expect((await claims.load(two)).revision).toBe(revisions.get(two));
    });

    it("stores nothing when one of the decisions is refused", async () => {
      const [own, prize, claims] = [freshSubject(), freshSubject(), handlerOf(store)];
      await claims.handle(prize, take("other"));
      const work = unitOfWork(store)(async (decide) => {
        await decide(claims, own, take("b1"));
        await decide(claims, prize, take("b1"));
      });
      await expect(work).rejects.toMatchObject({ code: "token_taken" });
      expect(await log(own)).toEqual([]);
    });

    it("of twenty claimers of one prize lets one win, and leaves nothing of the others", async () => {
      const prize = freshSubject();
      const owners = Array.from({ length: 20 }, freshSubject);
      const settled = await Promise.allSettled(
        owners.map((own) => {
          const claims = handlerOf(store);
          const work = async (decide: Decide) => {
            await decide(claims, own, take(own));
            await decide(claims, prize, take(own));
          };
          return unitOfWork(store)(work, { retries: 60 });
        }),
      );
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const [winner] = await log(prize);
      expect((await Promise.all(owners.map(log))).flat()).toEqual([winner]);
    });

    it("refuses to decide on a subject twice", async () => {
      const [subject, claims] = [freshSubject(), handlerOf(store)];
      const work = unitOfWork(store)(async (decide) => {
        await decide(claims, subject, take("b1"));
        await decide(claims, subject, giveBack("b1"));
      });
      await expect(work).rejects.toThrow("decided on twice");
    });
  });

  describe("any interleaving of commands by three processes, some acknowledgements lost", () => {
    const step = fc.record({ process: fc.nat(2), type: fc.constantFrom("claim", "release"), bot: fc.nat(2) });

    it("ends in the state of a sequential fold of the log, in which every step is one the rule allows", async () => {
      const steps = fc.array(step, { minLength: 1, maxLength: 12 });
      const losses = fc.infiniteStream(fc.boolean());
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), steps, losses, async (scheduler, commands, lost) => {
          const subject = freshSubject();
          const disturbed = disturb(store, scheduler, lost);
          const handlers = Array.from({ length: 3 }, () => handlerOf(disturbed));
          const commanded = commands.map(async ({ process, type, bot }) =>
            handlers[process]?.handle(subject, { type, botId: `b${bot}` }, { retries: 100 }).catch(refusal),
          );
          await scheduler.waitFor(Promise.all(commanded));
          const history = await log(subject);
          expect(isLawful(history)).toBe(true);
          for (const handler of handlers) {
            const [{ state }] = await scheduler.waitFor(Promise.all([handler.load(subject)]));
            expect(state).toEqual(fold(claim, history));
          }
        }),
        { numRuns },
      );
    });
  });
}

function refusal(error: unknown): void {
  expect(error).toMatchObject({ code: "token_taken" });
}

function isLawful(history: readonly ClaimEvent[]): boolean {
  let state: Claim = claim.initial;
  for (const event of history) {
    const may = event.case === "telegramBotClaimed" ? state.holder === undefined : state.holder === event.value.botId;
    if (!may) return false;
    state = claim.evolve(state, event);
  }
  return true;
}

/** A store that stores one thing after another, 10 ms each. */
function slowed(store: EventStore): EventStore {
  let before: Promise<unknown> = Promise.resolve();
  const append = async (...appends: Parameters<EventStore["append"]>) => {
    const revisions = await store.append(...appends);
    await pause(10);
    return revisions;
  };
  return {
    ...store,
    append: (...appends) => {
      const mine = before.then(() => append(...appends));
      before = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A store whose answers come in any order and whose acknowledgements get lost, upon which the append is sent again. */
function disturb(store: EventStore, scheduler: fc.Scheduler, lost: fc.Stream<boolean>): EventStore {
  const anyTime = () => scheduler.schedule(Promise.resolve());
  return {
    read: async (subject, codec, from) => {
      await anyTime();
      const events = await store.read(subject, codec, from);
      await anyTime();
      return events;
    },
    append: async (appends) => {
      await anyTime();
      const revisions = await store.append(appends);
      await anyTime();
      return lost.next().value === true ? store.append(appends) : revisions;
    },
  };
}
