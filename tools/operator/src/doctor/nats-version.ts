import { type Finding, failed, passed } from "./finding.ts";

// A bot's account and its Telegram id are appended as one batch (ADR 0002), with message ids inside: since 2.12.1.
const LEAST = [2, 12, 1] as const;

/** Whether a server of this version can append what belongs together in one batch. */
export function judgeVersion(what: string, version: string): Finding {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const at = LEAST.findIndex((least, place) => parts[place] !== least);
  const newEnough = at < 0 || (parts[at] ?? -1) > (LEAST[at] ?? 0);
  if (newEnough) return passed(what, version);
  return failed(
    what,
    version,
    `upgrade NATS to ${LEAST.join(".")} or later: older ones cannot append a batch as a whole`,
  );
}
