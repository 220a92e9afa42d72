// Telegram's longest message, in UTF-16 units.
const LONGEST_PART = 4_096;

// Signs nobody sees: Telegram refuses a text of these alone as empty.
const INVISIBLE =
  /^(?:[\s\p{Cc}\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff]|\u030a|\u0333|\u033f)*$/u;

/**
 * Cuts a reply into parts Telegram takes, at the end of a paragraph, a line or a word where there is one; only the white
 * space at the cuts is lost. What holds nothing to see gives no part.
 */
export function splitReply(text: string, longest = LONGEST_PART): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > longest) {
    const end = cutAt(rest, longest);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest].filter((part) => !INVISIBLE.test(part));
}

/** Where the part ends: the last good boundary, unless it would leave the part emptier than half. */
function cutAt(text: string, longest: number): number {
  const head = text.slice(0, longest + 1);
  for (const boundary of ["\n\n", "\n"]) {
    const at = head.lastIndexOf(boundary);
    if (at > longest / 2) return at;
  }
  const space = head.search(/\s\S*$/u);
  if (space > 0) return space;
  return insidePair(text, longest) ? longest - 1 : longest;
}

function insidePair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
}
