import type { ScriptedWish } from "@botfactory/infrastructure";

/** What Gemini is to do with a message, written in the message itself. */
export const FATES = ["blocked", "empty", "failing", "once-failing", "once-limited"] as const;
export type Fate = (typeof FATES)[number];

/** Ends of a turn without an answer: such a message stands alone, so that nobody else's is refused with it. */
export const REFUSED_FATES: readonly Fate[] = ["blocked", "empty", "failing"];

const WISHES: Readonly<Record<Fate, ScriptedWish>> = {
  blocked: { kind: "safety" },
  empty: { kind: "empty" },
  failing: { kind: "internal" },
  "once-failing": { kind: "internal" },
  "once-limited": { kind: "rate-minute", retryAfterSeconds: 1 },
};

/** Reads the wish out of a text; what is to fail once fails the first time its text is seen. */
export function fateOf(): (text: string) => ScriptedWish | undefined {
  const seen = new Set<string>();
  return (text) => {
    const fate = FATES.find((one) => text.includes(`fate ${one}`));
    if (fate === undefined) return undefined;
    if (!fate.startsWith("once-")) return WISHES[fate];
    const marker = /q\d+/.exec(text.slice(text.indexOf(`fate ${fate}`)))?.[0] ?? text;
    if (seen.has(marker)) return undefined;
    seen.add(marker);
    return WISHES[fate];
  };
}
