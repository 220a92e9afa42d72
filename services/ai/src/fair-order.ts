/** Serves owners in turn, however many wishes each of them has. */
export interface FairOrder {
  /** The wishes in the order they are to be served: each owner's first, then each owner's second, and so on. */
  sorted<Wish>(wishes: readonly Wish[], ownerOf: (wish: Wish) => string): Wish[];
  served(ownerId: string): void;
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng): an owner's next wish is one round after the last one served, but
 * never in a round that is over, so nobody saves turns up, and who comes back begins with everybody else.
 */
export function fairOrder(): FairOrder {
  const rounds = new Map<string, number>();
  let round = 0;

  return {
    sorted(wishes, ownerOf) {
      const next = new Map(rounds);
      return wishes
        .map((wish) => {
          const owner = ownerOf(wish);
          const turn = Math.max(round, (next.get(owner) ?? 0) + 1);
          next.set(owner, turn);
          return { wish, turn };
        })
        .sort((one, other) => one.turn - other.turn)
        .map(({ wish }) => wish);
    },
    served(ownerId) {
      const turn = Math.max(round, (rounds.get(ownerId) ?? 0) + 1);
      rounds.set(ownerId, turn);
      round = turn;
      for (const [owner, last] of rounds) if (last < round) rounds.delete(owner);
    },
  };
}
