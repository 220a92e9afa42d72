import type { Progress } from "@botfactory/infrastructure";

/** One system under comparison, measured once per round. */
export interface Contender<Measured> {
  readonly name: string;
  measure(round: number): Promise<Measured>;
}

/** What each contender measured, round by round. */
export type Rounds<Measured> = ReadonlyMap<string, readonly Measured[]>;

/** All contenders are up all the time and take turns; every other round in the opposite order. */
export async function interleaved<Measured>(
  contenders: readonly Contender<Measured>[],
  rounds: number,
  progress: Progress,
): Promise<Rounds<Measured>> {
  const measured = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    progress(`  round ${round} of ${rounds}`);
    for (const { name, measure } of round % 2 === 1 ? contenders : contenders.toReversed()) {
      measured.get(name)?.push(await measure(round));
    }
  }
  return measured;
}

/** One figure of one contender over the rounds. */
export function over<Measured>(rounds: Rounds<Measured>, name: string, pick: (measured: Measured) => number): number[] {
  return (rounds.get(name) ?? []).map(pick);
}
