import fc from "fast-check";

const SIGNS = [
  ".",
  "*",
  ">",
  " ",
  "\r\n",
  "\t",
  "\0",
  "/",
  "\\",
  "$",
  "..",
  "ё",
  "👾",
  "\u202e",
  "a",
  "b7",
  "-",
  "_",
  ":",
];

/** Ids nobody gives, but somebody may send. */
export function anyHostileId(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(fc.constantFrom(...SIGNS), { maxLength: 8 }).map((signs) => signs.join("")) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("*", ">", "$JS.API.STREAM.DELETE.ACCOUNTS", "__proto__", "x".repeat(10_240)),
    },
  );
}
