const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a backup's directory is called until the backup is whole. */
export const UNFINISHED = ".unfinished";
const NAME = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z(\.unfinished)?$/;

/** How long backups in one place are kept. */
export interface Retention {
  /** All of them for so long. */
  readonly keepHours: number;
  /** Of each day (UTC) before, the last one, for so long. */
  readonly keepDays: number;
}

/** A backup's name by its moment, such as `2026-11-22T10-15-00Z`: in the order of time, and a file's name everywhere. */
export function backupName(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
}

/** Names of backups that are called whole, the newest first. */
export function wholeBackups(names: readonly string[]): readonly string[] {
  return known(names).flatMap(({ name, isWhole }) => (isWhole ? [name] : []));
}

/** Names of backups that are being made, or broke off. */
export function unfinishedBackups(names: readonly string[]): readonly string[] {
  return known(names).flatMap(({ name, isWhole }) => (isWhole ? [] : [name]));
}

/** Names of backups whose time is over; what is called otherwise is nobody's to remove. */
export function outdated(names: readonly string[], now: Date, { keepHours, keepDays }: Retention): readonly string[] {
  const whole = known(names).filter(({ isWhole }) => isWhole);
  const lastOfItsDay = new Set([...new Map(whole.toReversed().map(({ day, name }) => [day, name])).values()]);
  const isKept = ({ name, at }: Named) => {
    const age = now.getTime() - at;
    if (name === whole[0]?.name || age <= keepHours * HOUR_MS) return true;
    return age <= keepDays * DAY_MS && lastOfItsDay.has(name);
  };
  return whole.filter((one) => !isKept(one)).map(({ name }) => name);
}

interface Named {
  readonly name: string;
  readonly day: string;
  readonly at: number;
  readonly isWhole: boolean;
}

function known(names: readonly string[]): readonly Named[] {
  return names.flatMap((name) => readName(name) ?? []).sort((a, b) => b.at - a.at);
}

function readName(name: string): Named | undefined {
  const [, day, hour, minute, second, unfinished] = NAME.exec(name) ?? [];
  if (day === undefined) return undefined;
  return { name, day, at: Date.parse(`${day}T${hour}:${minute}:${second}Z`), isWhole: unfinished === undefined };
}
