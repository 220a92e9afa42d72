import { LRUCache } from "lru-cache";

const pacific = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

const HOUR_MS = 3_600_000;
// The longest day of the year, at the end of daylight saving time, has 25 hours.
const LONGEST_DAY_MS = 25 * HOUR_MS;

// Beyond this there are no dates, and a damaged fact must not stop the fold of the others.
const LAST_MOMENT_MS = 8.64e15;

// A day there begins with an hour of UTC, and the formatter takes as long as all else a decision does.
const dayOfHour = new LRUCache<number, string>({ max: 1_000 });

/** The day of the Pacific time zone, YYYY-MM-DD: Google counts its daily limits by it. */
export function pacificDay(unixMs: number): string {
  const moment = momentOf(unixMs);
  const hour = Math.floor(moment / HOUR_MS);
  const day = dayOfHour.get(hour) ?? pacific.format(moment);
  dayOfHour.set(hour, day);
  return day;
}

function momentOf(unixMs: number): number {
  return Math.max(-LAST_MOMENT_MS, Math.min(LAST_MOMENT_MS, unixMs));
}

/** When that day ends, found by halving: the zone's rules are the platform's, none are repeated here. */
export function endOfPacificDay(unixMs: number): number {
  const day = pacificDay(unixMs);
  // Beyond the dates numbers lie so far apart that halving would never end.
  let inside = momentOf(unixMs);
  let outside = inside + LONGEST_DAY_MS;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (pacificDay(middle) === day) inside = middle;
    else outside = middle;
  }
  return outside;
}
