import fc from "fast-check";

const FRAGMENTS = [
  "**bold** ",
  "_it's_ ",
  "```js\nconst a = 1;\n```\n",
  "`x",
  "[link](https://example.org/?a=1&b=2) ",
  "| a | b |\n|---|---|\n",
  "# Heading\n\n",
  "* point\n",
  "&lt;b&gt; <b>html</b> <script> ",
  "\\*\\_ ",
  "@somebody #tag /start ",
  "https://example.org/very/long?q=%D0%B0 ",
  "\n\n",
  "\n",
  " ",
  "\t",
  "\r\n",
  "\u00a0",
  "\u200b",
  "\u2060\u00ad",
  "\u2028",
  "\ufeff",
  "\0",
  "\x01",
  "\u202eright to left\u202c ",
  "👩‍👩‍👧‍👦",
  "👾",
  "𝔘𝔫𝔦 ",
  "é̂̃ ",
  "Oʻzbekiston ",
  "\ud83d",
  "\ude00",
];

/** What a model may write: 1 to 50,000 characters of all planes, Markdown, white space and damage. */
export function anyModelOutput(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
    { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
    { weight: 1, arbitrary: run() },
  );
  return fc
    .record({ pieces: fc.array(piece, { maxLength: 40 }), times: fc.constantFrom(1, 1, 1, 2, 10) })
    .map(({ pieces, times }) => pieces.join("").repeat(times).slice(0, 50_000));
}

/** One thing over and over, so that cuts fall where nothing invites them. */
function run(): fc.Arbitrary<string> {
  const length = fc.constantFrom(1, 2_047, 2_048, 2_049, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 20_000);
  return fc
    .record({ of: fc.constantFrom("x", "👾", " ", "\n", "\u200b", "界", "\t", "a ", "\u200b ", "👾\n"), length })
    .map(({ of, length: times }) => of.repeat(times));
}
