/** Somebody who writes into the log until it is told to stop, and knows what was acknowledged. */
export interface Writer {
  readonly acknowledged: readonly string[];
  write(stopping: AbortSignal): Promise<void>;
  /** What the log has of this writer, in its order. */
  stored(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface WrittenReport {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly outOfOrder: readonly string[];
  /** Stored, though no acknowledgement came: allowed. */
  readonly unacknowledged: number;
}

/** Compares what was acknowledged with what is there. */
export async function judgeWriter({ acknowledged, stored }: Writer): Promise<WrittenReport> {
  const there = await stored();
  const known = new Set(there);
  const place = new Map(there.map((name, index) => [name, index]));
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((name) => !known.has(name)),
    twice: there.filter((name, index) => place.get(name) !== index),
    outOfOrder: acknowledged.filter((name, index) => {
      const before = acknowledged[index - 1];
      return before !== undefined && (place.get(before) ?? 0) > (place.get(name) ?? 0);
    }),
    unacknowledged: known.size - new Set(acknowledged.filter((name) => known.has(name))).size,
  };
}

/** All reports as one. */
export function summed(reports: readonly WrittenReport[]): WrittenReport {
  const all = (pick: (report: WrittenReport) => readonly string[]) => reports.flatMap(pick);
  const sum = (pick: (report: WrittenReport) => number) => reports.reduce((total, report) => total + pick(report), 0);
  return {
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: all(({ lost }) => lost),
    twice: all(({ twice }) => twice),
    outOfOrder: all(({ outOfOrder }) => outOfOrder),
    unacknowledged: sum(({ unacknowledged }) => unacknowledged),
  };
}
