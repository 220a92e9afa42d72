import type { Reservation } from "@botfactory/proto/events/v1/quota";
import type { Asking } from "./domain/admit.ts";
import type { NextFree, Place } from "./domain/free-calls.ts";
import { fairOrder } from "./fair-order.ts";

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

/** What those who wait longer than one look fill of this process's memory and of its callers' connections. */
const MOST_WAITING_OF_AN_OWNER = 100;

/** Calls that wait for room; their owners are served in turn. One that is cancelled leaves at once. */
export function wishQueue() {
  const order = fairOrder();
  let waiting: readonly Waiting[] = [];
  const inOrder = (wishes: readonly Waiting[]) => order.sorted(wishes, ({ reservation }) => reservation.ownerId);

  return {
    isEmpty: () => waiting.length === 0,
    /** Whether the owner has so many waiting that another one only costs. */
    isCrowdedBy: (ownerId: string) =>
      waiting.filter(({ reservation }) => reservation.ownerId === ownerId).length >= MOST_WAITING_OF_AN_OWNER,
    count: () => waiting.length,
    /** All that wait, in the order they are to be served. */
    all: (): ReadonlySet<Wish> => new Set(inOrder(waiting)),

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

    /** In the order they were admitted. Answers with those nobody waits for any more. */
    admit(admissions: readonly Admission[]): Admission[] {
      const byId = new Map(admissions.map((admission) => [admission.reservation.reservationId, admission]));
      for (const { reservation } of admissions) order.served(reservation.ownerId);
      waiting = waiting.filter(({ reservation, decide }) => {
        const admitted = byId.get(reservation.reservationId);
        if (admitted !== undefined) decide({ admitted });
        byId.delete(reservation.reservationId);
        return admitted === undefined;
      });
      return [...byId.values()];
    },

    refuse(refused: ReadonlyMap<Reservation, NextFree>): void {
      waiting = waiting.filter(({ reservation, decide }) => {
        const next = refused.get(reservation);
        if (next !== undefined) decide({ refused: next });
        return next === undefined;
      });
    },

    /**
     * Refuses those of `asked` whose turn will come too late, and what an owner has waiting beyond measure. Answers with
     * the soonest turn of the others.
     */
    refuseLate(asked: ReadonlySet<Wish>, turnOf: (place: Place) => NextFree): number {
      let soonest = Number.POSITIVE_INFINITY;
      let ahead = 0;
      const staying = new Set<Waiting>(waiting.filter((wish) => !asked.has(wish)));
      const perOwner = new Map<string, number>();
      for (const wish of inOrder(waiting.filter((wish) => asked.has(wish)))) {
        const { ownerId } = wish.reservation;
        const own = perOwner.get(ownerId) ?? 0;
        const refused = turnOf({ ahead, ownerId });
        if (refused.at > wish.giveUpAt || own >= MOST_WAITING_OF_AN_OWNER) {
          wish.decide({ refused });
          continue;
        }
        soonest = Math.min(soonest, refused.at);
        staying.add(wish);
        perOwner.set(ownerId, own + 1);
        ahead++;
      }
      waiting = waiting.filter((wish) => staying.has(wish));
      return soonest;
    },

    fail(asked: ReadonlySet<Wish>, error: unknown): void {
      for (const wish of waiting) if (asked.has(wish)) wish.fail(error);
      waiting = waiting.filter((wish) => !asked.has(wish));
    },
  };
}
