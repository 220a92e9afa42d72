import type { Reservation } from "@botfactory/proto/events/v1/quota";
import type { NextFree, Place } from "./domain/free-calls.ts";
import { fairOrder } from "./fair-order.ts";
import { type Admission, type Wish, waitingWishes } from "./waiting-wishes.ts";

/** What those who wait longer than one look fill of this process's memory and of its callers' connections. */
const MOST_WAITING_OF_AN_OWNER = 100;

/** Calls that wait for room; their owners are served in turn. */
export function wishQueue() {
  const order = fairOrder();
  const waiting = waitingWishes();
  // For these the last look found no room.
  let held: ReadonlySet<Wish> = new Set();
  const inOrder = (wishes: readonly Wish[]) => order.sorted(wishes, ({ reservation }) => reservation.ownerId);

  return {
    add: waiting.add,
    fail: waiting.fail,
    count: () => waiting.all().length,
    someWaitForRoom: () => held.size > 0,
    /**
     * Whether the owner has so many waiting for room that another one only costs. What waits for its first look is none of
     * them: a hundred people who write in the same moment are welcome where there is room.
     */
    isCrowdedBy: (ownerId: string) =>
      waiting.all().filter((wish) => held.has(wish) && wish.reservation.ownerId === ownerId).length >=
      MOST_WAITING_OF_AN_OWNER,
    /** All that wait, in the order they are to be served. */
    all: (): ReadonlySet<Wish> => new Set(inOrder(waiting.all())),

    /** In the order they were admitted. Answers with those nobody waits for any more. */
    admit(admissions: readonly Admission[]): Admission[] {
      const byId = new Map(admissions.map((admission) => [admission.reservation.reservationId, admission]));
      for (const { reservation } of admissions) order.served(reservation.ownerId);
      waiting.settle(({ reservation }) => {
        const admitted = byId.get(reservation.reservationId);
        byId.delete(reservation.reservationId);
        return admitted && { admitted };
      });
      return [...byId.values()];
    },

    refuse(refusals: ReadonlyMap<Reservation, NextFree>): void {
      waiting.settle(({ reservation }) => {
        const refused = refusals.get(reservation);
        return refused && { refused };
      });
    },

    /** Refuses those of `asked` whose turn will come too late. Answers with the soonest turn of the others. */
    refuseLate(asked: ReadonlySet<Wish>, turnOf: (place: Place) => NextFree): number {
      const { late, soonest } = lateAmong(inOrder(waiting.all().filter((wish) => asked.has(wish))), turnOf);
      waiting.settle((wish) => {
        const refused = late.get(wish);
        return refused && { refused };
      });
      held = new Set(waiting.all().filter((wish) => asked.has(wish)));
      return soonest;
    },
  };
}

/** Whose turn will come too late, and what an owner has waiting beyond measure. */
function lateAmong(inOrder: readonly Wish[], turnOf: (place: Place) => NextFree) {
  const late = new Map<Wish, NextFree>();
  const perOwner = new Map<string, number>();
  let soonest = Number.POSITIVE_INFINITY;
  let ahead = 0;
  for (const wish of inOrder) {
    const { ownerId } = wish.reservation;
    const own = perOwner.get(ownerId) ?? 0;
    const next = turnOf({ ahead, ownerId });
    if (next.at > wish.giveUpAt || own >= MOST_WAITING_OF_AN_OWNER) {
      late.set(wish, next);
      continue;
    }
    soonest = Math.min(soonest, next.at);
    perOwner.set(ownerId, own + 1);
    ahead++;
  }
  return { late, soonest };
}
