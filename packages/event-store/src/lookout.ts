import { setTimeout as pause } from "node:timers/promises";
import type { NatsConnection } from "nats";
import { contradiction, endOfLog, type LogEnd, lostEnd, type Mark } from "./inspect-log.ts";
import { type Damage, LogDamaged } from "./log-damaged.ts";
import { REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
import type { KeptWatermark, keptWatermark } from "./log-watermark-document.ts";

export interface LookoutOptions {
  readonly nats: NatsConnection;
  readonly stream: string;
  readonly kept: ReturnType<typeof keptWatermark>;
  readonly onProblem: (problem: unknown) => void;
}

/** Null: nobody has kept one yet; undefined: MongoDB cannot be asked. */
type Known = KeptWatermark | null | undefined;

// A new leader may answer once from before its election.
const LOOK_TWICE_AFTER_MS = 250;
// The driver's own patience is as long. Who is known to be away is not waited for again and again.
const KEPT_WITHIN_MS = 2_000;
const STILL_AWAY_WITHIN_MS = 200;

/** Compares a stream with its watermark, look by look, and raises the watermark while nothing is wrong. */
export function lookout({ nats, stream, kept, onProblem }: LookoutOptions) {
  const manager = nats.jetstreamManager({ checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  const findKept = patiently(kept.find, onProblem);
  let mark: Mark = { sequence: 0, hash: "" };
  let epoch: string | undefined;
  let found: Damage | undefined;

  async function inspect(known: Known): Promise<{ end: LogEnd; damage: Damage | undefined }> {
    const log = await manager;
    const end = await endOfLog(log, stream);
    const { sequence } = end;
    if (known && known.epoch !== epoch) return { end, damage: { stream, reason: "restored" } };
    if (known !== undefined && end.missing > (known?.missing ?? 0))
      return { end, damage: { stream, reason: "holes", sequence } };
    const marks = known ? [mark, known] : [mark];
    if (lostEnd(end, marks)) return { end, damage: { stream, reason: "missing", sequence } };
    for (const one of marks) {
      const damage = await contradiction(log, stream, { mark: one, end });
      if (damage !== undefined) return { end, damage };
    }
    return { end, damage: undefined };
  }

  async function raise({ sequence, hash }: LogEnd, known: Known): Promise<void> {
    found = undefined;
    if (sequence > mark.sequence) mark = { sequence, hash };
    if (known === undefined || epoch === undefined || sequence <= (known?.sequence ?? 0)) return;
    await kept.raise(epoch, mark).catch(onProblem);
  }

  return {
    /** What the last look found. */
    damage: () => found,
    async look(): Promise<void> {
      const known = await findKept();
      if (known !== undefined) epoch ??= known?.epoch ?? "";
      const first = await inspect(known);
      if (first.damage === undefined) return raise(first.end, known);
      await pause(LOOK_TWICE_AFTER_MS);
      const { damage, end } = await inspect(known);
      if (damage === undefined) return raise(end, known);
      if (found?.reason !== damage.reason) onProblem(new LogDamaged(damage));
      found = damage;
    },
  };
}

/** What is kept, undefined while it cannot be had; that it cannot is told once. */
function patiently(find: () => Promise<KeptWatermark | null>, onProblem: (problem: unknown) => void) {
  let isAway = false;
  return async (): Promise<Known> => {
    try {
      const known = await Promise.race([find(), tooLate(isAway ? STILL_AWAY_WITHIN_MS : KEPT_WITHIN_MS)]);
      isAway = false;
      return known;
    } catch (error) {
      if (!isAway) onProblem(error);
      isAway = true;
      return undefined;
    }
  };
}

async function tooLate(ms: number): Promise<never> {
  await pause(ms, undefined, { ref: false });
  throw new Error("MongoDB did not tell the watermark in time");
}
