import { z } from "zod";

/** One Google project's Gemini key; the name stands for the project in ledgers and metrics. */
export interface GoogleApiKey {
  readonly project: string;
  readonly key: string;
}

/** Reads `key` or `name=key,name2=key2`; a bare key belongs to the project `default`. Names are unique subject tokens. */
export const googleApiKeys = z.string().transform((text, context): readonly GoogleApiKey[] => {
  const keys = text.split(",").map((part) => parseKey(part.trim()));
  for (const problem of problemsOf(keys)) context.addIssue({ code: "custom", message: problem });
  return keys;
});

function parseKey(part: string): GoogleApiKey {
  const at = part.indexOf("=");
  return at < 0
    ? { project: "default", key: part }
    : { project: part.slice(0, at).trim(), key: part.slice(at + 1).trim() };
}

function problemsOf(keys: readonly GoogleApiKey[]): string[] {
  const problems: string[] = [];
  if (keys.some(({ project }) => !/^[A-Za-z0-9_-]+$/.test(project))) {
    problems.push("names of keys may hold letters, digits, - and _ only");
  }
  if (keys.some(({ key }) => key === "")) problems.push("a key is empty");
  // It goes into a header; copied from a page it may have brought a letter of another alphabet or an invisible one along.
  if (keys.some(({ key }) => !/^[ -~]*$/.test(key))) problems.push("a key may hold ASCII characters only");
  if (new Set(keys.map(({ project }) => project)).size < keys.length) {
    problems.push("every key needs a name of its own (name=key,name2=key2)");
  }
  return problems;
}
