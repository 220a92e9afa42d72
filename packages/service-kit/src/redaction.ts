/** What replaces a secret wherever text leaves the process. */
export const REDACTED = "[redacted]";

// Telegram token (also percent-encoded, as in URLs), Google API key, JWT, credentials inside a connection string.
// Strangers choose URLs and so the text of spans: no part may be tried from every character of a long run, or a URL of
// 16 kB stops the process for a second. Hence the look-behind before digits and the bounds.
const SECRET_SHAPES =
  /(?<!\d)\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{5,1000}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*|(?<=:\/\/)[^/@\s"'\\]+(?=@)|(?<=\b(?:Bearer|Basic)\s{1,8})[A-Za-z0-9._~+/=-]{8,}/g;

// A JSON member whose name says that its text is secret, at any depth.
const SECRET_MEMBERS =
  /("(?:authorization|cookie|set-cookie|password|pass|client_?secret|secret|secret_?token|token|telegram_?token|access_?token|refresh_?token|id_?token|api_?key|x-goog-api-key|x-telegram-bot-api-secret-token)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

// Shorter values would blot out ordinary words.
const SHORTEST_SECRET = 8;

const known = new Set<string>();
let knownShape: RegExp | undefined;

/**
 * Registers exact secret values (such as the ones a configuration holds), so that they never leave by a log or a span,
 * whatever their shape. Process-wide, because a secret leaks by whichever part happens to write it. Values under
 * 8 characters are ignored.
 */
export function protectSecrets(values: Iterable<string>): void {
  for (const value of values) {
    if (value.length < SHORTEST_SECRET) continue;
    for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) known.add(form);
  }
  // Longest first: a secret that contains another one must go as a whole.
  const forms = [...known]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  knownShape = forms.length === 0 ? undefined : new RegExp(forms.join("|"), "g");
}

/** Replaces tokens, keys, passwords and every registered secret inside any text. */
export function redactText(text: string): string {
  const withoutKnown = knownShape === undefined ? text : text.replace(knownShape, REDACTED);
  return withoutKnown.replace(SECRET_SHAPES, REDACTED);
}

/** As `redactText`, and empties JSON members named like a secret; the result is valid JSON again. */
export function redactJson(json: string): string {
  return redactText(json.replace(SECRET_MEMBERS, `$1"${REDACTED}"`));
}
