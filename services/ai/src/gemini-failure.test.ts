import { inspect } from "node:util";
import { GoogleGenerativeAIError, GoogleGenerativeAIRequestInputError } from "@google/generative-ai";
import { describe, expect, it } from "@jest/globals";
import { toModelFailure } from "./gemini-failure.ts";
import { ModelFailure } from "./text-model.ts";

const SECRET = "AIzaSyA-canary";
const expired = Object.assign(new Error(`no ${SECRET}`), { code: "CERT_HAS_EXPIRED" });

describe("what asking Gemini threw", () => {
  it.each<[string, Error, string]>([
    ["fetch itself", new TypeError("fetch failed", { cause: expired }), "Gemini did not answer: CERT_HAS_EXPIRED"],
    ["fetch, without a code", new TypeError("terminated"), "Gemini did not answer"],
    ["the package in fetch's place", new GoogleGenerativeAIError(`fetch failed ${SECRET}`), "Gemini did not answer"],
  ])("counts as overloaded where it was %s", (_, error, message) => {
    expect(toModelFailure(error)).toMatchObject({ kind: "overloaded", message });
  });

  it("is named by a code that was heard of otherwise", () => {
    expect(toModelFailure(new GoogleGenerativeAIError("fetch failed"), "ECONNRESET").message).toMatch(/: ECONNRESET$/);
  });

  it.each<[string, unknown, RegExp]>([
    [
      "ours",
      new TypeError(`Cannot read "${SECRET}"\n    at ${SECRET}`),
      /^Error: TypeError where .*\n +at .*failure\.test/,
    ],
    ["the request's", new GoogleGenerativeAIRequestInputError(SECRET), /^Error: Error where Gemini is asked\n +at /],
    ["no error at all", SECRET, /^Error: Error where Gemini is asked\n +at /],
  ])("is a bug with its place where the fault is %s, and quotes nothing", (_, error, stack) => {
    const found = toModelFailure(error);
    expect(found).not.toBeInstanceOf(ModelFailure);
    expect(found.stack).toMatch(stack);
    expect(inspect(found, { depth: 9 })).not.toContain(SECRET);
  });

  // As Node writes them; jest's own differ.
  it.each([
    ["with a code", `TypeError [ERR_INVALID_ARG_TYPE]: ${SECRET}`, SECRET],
    ["without a word", "Error", ""],
    ["of several lines", `TypeError: Cannot read\n    at ${SECRET}`, `Cannot read\n    at ${SECRET}`],
  ])("tells the place of an error %s", (_, header, message) => {
    const error = new TypeError(message);
    error.stack = `${header}\n    at ask (gemini.js:1:2)\n    at node:internal:3:4`;
    const { stack } = toModelFailure(error);
    expect(stack).toBe("Error: TypeError where Gemini is asked\n    at ask (gemini.js:1:2)\n    at node:internal:3:4");
  });
});
