/** JSON as text, so that what no JavaScript value can hold (1e400, -0, a key twice) can be said; knows its own depth. */
export interface JsonText {
  readonly text: string;
  readonly depth: number;
}

/** A short text of known shape, without brackets inside strings. */
export function literal(text: string): JsonText {
  let [depth, deepest] = [0, 0];
  for (const sign of text) {
    if ("[{".includes(sign)) deepest = Math.max(deepest, ++depth);
    if ("]}".includes(sign)) depth--;
  }
  return { text, depth: deepest };
}

/** A string with lone surrogates and controls escaped, as Telegram's JSON has them. */
export function quoted(value: string): JsonText {
  return { text: JSON.stringify(value), depth: 0 };
}

/** Members in order; a name may come twice, as the last one counts. */
export function object(members: readonly (readonly [name: string, value: JsonText | undefined])[]): JsonText {
  const given = members.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return {
    text: `{${given.map(({ name, value }) => `${JSON.stringify(name)}:${value.text}`).join(",")}}`,
    depth: 1 + Math.max(0, ...given.map(({ value }) => value.depth)),
  };
}

/** The same thing inside itself, `times` deep: `{"reply_to_message":{"reply_to_message":…}}`. */
export function nested(name: string, times: number): JsonText {
  return { text: `${`{"${name}":`.repeat(times)}1${"}".repeat(times)}`, depth: times };
}

export function list(item: JsonText, length: number): JsonText {
  return { text: `[${Array<string>(length).fill(item.text).join(",")}]`, depth: 1 + (length === 0 ? 0 : item.depth) };
}
