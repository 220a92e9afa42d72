/** For which day a key was charged, and how many of its calls may still bring an answer or brought one. */
interface Charge {
  readonly day: string;
  readonly calls: number;
}

/** The keys charged last. */
export interface ChargedKeys {
  readonly recent: ReadonlyMap<string, Charge>;
  readonly older: ReadonlyMap<string, Charge>;
}

export const noKeys: ChargedKeys = { recent: new Map(), older: new Map() };

/**
 * Between this many and twice as many keys are remembered. A key is asked for again within seconds, after its process
 * died; one that comes back after a thousand others of its owner would be charged again.
 */
const REMEMBERED = 1_000;

export function chargeOf({ recent, older }: ChargedKeys, key: string): Charge | undefined {
  return recent.get(key) ?? older.get(key);
}

export function chargedTimes(keys: ChargedKeys, key: string): number {
  return chargeOf(keys, key)?.calls ?? 0;
}

export function withKey(keys: ChargedKeys, key: string, today: string): ChargedKeys {
  const { day, calls } = chargeOf(keys, key) ?? { day: today, calls: 0 };
  return put(keys, key, { day: calls === 0 ? today : day, calls: calls + 1 });
}

export function withoutKey(keys: ChargedKeys, key: string): ChargedKeys {
  const charge = chargeOf(keys, key);
  return charge === undefined || charge.calls === 0 ? keys : put(keys, key, { ...charge, calls: charge.calls - 1 });
}

function put({ recent, older }: ChargedKeys, key: string, charge: Charge): ChargedKeys {
  const next = new Map(recent).set(key, charge);
  return next.size < REMEMBERED ? { recent: next, older } : { recent: new Map(), older: next };
}
