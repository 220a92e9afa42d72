import { type Finding, failed, passed, skipped } from "./finding.ts";

// Services take tokens that are this much too old or too new (packages/rpc), and no more.
const TOLERATED_MS = 5_000;

export interface TwoClocks {
  readonly what: string;
  readonly theirs: number;
  readonly ours: number;
  /** How far apart they may seem though they are not: HTTP's Date has whole seconds. */
  readonly precisionMs?: number;
}

/** Judges this machine's clock beside another's. */
export function compareClocks({ what, theirs, ours, precisionMs = 0 }: TwoClocks): Finding {
  if (Number.isNaN(theirs)) return skipped(what, "it does not tell its time (HTTP header Date)");
  const apart = ours - (theirs + precisionMs / 2);
  const seconds = (Math.abs(apart) / 1000).toFixed(1);
  const found = `${seconds} s ${apart < 0 ? "behind" : "ahead"}`;
  if (Math.abs(apart) - precisionMs / 2 < TOLERATED_MS) return passed(what, found);
  return failed(what, found, "run NTP (chrony, systemd-timesyncd) here and there; sign-in and quotas need one time");
}
