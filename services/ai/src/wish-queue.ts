import type { Reservation } from "@botfactory/proto/events/v1/quota";
import type { NextFree } from "./domain/free-calls.ts";

/** A call that may begin now. */
export interface Admission {
  readonly reservation: Reservation;
  readonly atUnixMs: number;
}

export type Decision = { readonly admitted: Admission } | { readonly refused: NextFree };

export interface Wish {
  readonly reservation: Reservation;
  /** Until when it may wait, Unix ms by the log's clock. */
  readonly giveUpAt: number;
  readonly signal: AbortSignal;
}

interface Waiting extends Wish {
  readonly decide: (decision: Decision) => void;
  readonly fail: (error: unknown) => void;
}

/** Calls that wait for room, first come, first served; one that is cancelled leaves at once. */
export function wishQueue() {
  let waiting: readonly Waiting[] = [];

  return {
    isEmpty: () => waiting.length === 0,
    all: (): ReadonlySet<Wish> => new Set(waiting),

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

    admit(admissions: ReadonlyMap<string, Admission>): void {
      waiting = waiting.filter(({ reservation, decide }) => {
        const admitted = admissions.get(reservation.reservationId);
        if (admitted !== undefined) decide({ admitted });
        return admitted === undefined;
      });
    },

    /** Refuses those of `asked` whose turn will come too late; `turnOf` tells by how many stay before them. */
    refuseLate(asked: ReadonlySet<Wish>, turnOf: (ahead: number) => NextFree): void {
      let ahead = 0;
      waiting = waiting.filter((wish) => {
        if (!asked.has(wish)) return true;
        const refused = turnOf(ahead);
        const isInTime = refused.at <= wish.giveUpAt;
        if (isInTime) ahead++;
        else wish.decide({ refused });
        return isInTime;
      });
    },

    fail(asked: ReadonlySet<Wish>, error: unknown): void {
      for (const wish of waiting) if (asked.has(wish)) wish.fail(error);
      waiting = waiting.filter((wish) => !asked.has(wish));
    },
  };
}
