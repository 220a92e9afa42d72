const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ARRAY = { opening: 0x5b, closing: 0x5d };
const OBJECT = { opening: 0x7b, closing: 0x7d };

/**
 * Whether JSON text nests deeper than `limit`, told from its bytes without parsing: whatever later turns a deeply
 * nested value back into text overflows the stack (JSON.stringify does at 5,000, which fits into 10 kB).
 */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OBJECT.opening || byte === ARRAY.opening) {
      if (++depth > limit) return true;
    } else if (byte === OBJECT.closing || byte === ARRAY.closing) depth--;
  }
  return false;
}
