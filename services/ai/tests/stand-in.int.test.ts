import { type ScriptedWish, type StartedGemini, startGemini } from "@botfactory/infrastructure";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { gemini } from "../src/gemini.ts";
import type { TextPart } from "../src/text-model.ts";

let google: StartedGemini;
beforeAll(async () => {
  google = await startGemini({ answer: (text) => `heard: ${text}` });
});
beforeEach(() => google.reset());
afterAll(() => google.stop());

async function ask(timeoutMs = 5_000): Promise<TextPart[]> {
  const model = gemini({ apiKey: "a-key-of-this-test", baseUrl: google.url, timeoutMs });
  const prompt = {
    model: "gemini-x",
    instructions: ["rules"],
    utterances: [{ speaker: "user" as const, text: "salom" }],
  };
  const parts: TextPart[] = [];
  for await (const part of model(prompt, new AbortController().signal)) parts.push(part);
  return parts;
}

const textOf = (parts: readonly TextPart[]) => parts.map((part) => (part.kind === "piece" ? part.text : "")).join("");

describe("the stand-in the whole product is tested with", () => {
  it("answers so that the adapter reads text and tokens", async () => {
    const parts = await ask();
    expect(textOf(parts)).toBe("heard: salom");
    const end = parts.at(-1);
    if (end?.kind !== "end") throw new Error("no end");
    expect(end.tokens.input).toBeGreaterThan(0);
    expect(end.tokens.output).toBeGreaterThan(0);
  });

  it("cuts an answer so that the adapter notices", async () => {
    google.script({ kind: "max-tokens", text: "long" });
    expect((await ask()).at(-1)).toMatchObject({ kind: "end", isTruncated: true });
  });

  it.each<[ScriptedWish["kind"], string]>([
    ["safety", "blocked"],
    ["prompt-blocked", "blocked"],
    ["empty", "empty"],
    ["rate-minute", "rate-minute"],
    ["rate-day", "rate-day"],
    ["key-invalid", "key-invalid"],
    ["model-retired", "request-refused"],
    ["overloaded", "overloaded"],
    ["internal", "overloaded"],
    ["break-off", "overloaded"],
    ["hang", "timeout"],
  ])("fails with %s so that the adapter says %s", async (kind, failure) => {
    google.script({ kind });
    await expect(ask(kind === "hang" ? 300 : 5_000)).rejects.toMatchObject({ kind: failure });
  });

  it("names the time to ask again so that the adapter passes it on", async () => {
    google.script({ kind: "rate-minute", retryAfterSeconds: 7 });
    await expect(ask()).rejects.toMatchObject({ kind: "rate-minute", retryAfterMs: 7_000 });
  });
});
