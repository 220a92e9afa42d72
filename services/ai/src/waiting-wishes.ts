import type { Reservation } from "@botfactory/proto/events/v1/quota";
import type { Asking } from "./domain/admit.ts";
import type { NextFree } from "./domain/free-calls.ts";

/** A call that may begin now. */
export interface Admission {
  readonly reservation: Reservation;
  /** When that was decided, by the log's clock as this process knows it, Unix ms. */
  readonly atUnixMs: number;
  /** The same moment by this process's stopwatch, ms: no clock that is set moves it. */
  readonly since: number;
}

export type Decision = { readonly admitted: Admission } | { readonly refused: NextFree };

export interface Wish extends Asking {
  /** Until when it may wait, Unix ms by the log's clock. */
  readonly giveUpAt: number;
  readonly signal: AbortSignal;
}

interface Waiting extends Wish {
  readonly decide: (decision: Decision) => void;
  readonly fail: (error: unknown) => void;
}

/** Wishes that nothing is decided on yet, oldest first. One that is cancelled leaves at once. */
export function waitingWishes() {
  let waiting: readonly Waiting[] = [];

  return {
    all: (): readonly Wish[] => waiting,

    async add(wish: Wish): Promise<Decision> {
      wish.signal.throwIfAborted();
      let leave = () => {};
      const decision = new Promise<Decision>((decide, fail) => {
        const entry: Waiting = { ...wish, decide, fail };
        waiting = [...waiting, entry];
        leave = () => {
          waiting = waiting.filter((other) => other !== entry);
          fail(wish.signal.reason);
        };
      });
      wish.signal.addEventListener("abort", leave, { once: true });
      return decision.finally(() => wish.signal.removeEventListener("abort", leave));
    },

    /** Tells each its decision, if there is one; the others go on waiting. */
    settle(decisionOn: (wish: Wish) => Decision | undefined): void {
      waiting = waiting.filter((wish) => {
        const decision = decisionOn(wish);
        if (decision !== undefined) wish.decide(decision);
        return decision === undefined;
      });
    },

    fail(asked: ReadonlySet<Wish>, error: unknown): void {
      for (const wish of waiting) if (asked.has(wish)) wish.fail(error);
      waiting = waiting.filter((wish) => !asked.has(wish));
    },
  };
}
