import { type Finding, failed, passed } from "./finding.ts";

type Version = readonly [major: number, minor: number, patch: number];

const LEAST: Version = [2, 14, 0];
// A bot's account and its Telegram id are appended as one batch (ADR 0002), with message ids inside.
const APPENDS_BATCHES: Version = [2, 12, 1];

const WITHOUT_BATCHES = "older ones cannot append a batch as a whole";
// CVE-2026-33222: restoring one stream wrote others; -33249: traces went to any subject; notes 2026-16, -18: more ways past a deny.
const PASSES_PERMISSIONS =
  "of older ones, many let users past their permissions (CVE-2026-33222, CVE-2026-33249 and others)";

/** Whether a server of this version appends what belongs together as one batch, and keeps its users apart. */
export function judgeVersion(what: string, version: string): Finding {
  if (reaches(version, LEAST)) return passed(what, version);
  const why = reaches(version, APPENDS_BATCHES) ? PASSES_PERMISSIONS : WITHOUT_BATCHES;
  return failed(what, version, `upgrade NATS to ${LEAST.join(".")} or later: ${why}`);
}

function reaches(version: string, least: Version): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const at = least.findIndex((number, place) => parts[place] !== number);
  return at < 0 || (parts[at] ?? -1) > (least[at] ?? 0);
}
