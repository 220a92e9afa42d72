import { type GenerateContentResult, GoogleGenerativeAI, GoogleGenerativeAIFetchError } from "@google/generative-ai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type ScriptedWish, type StartedGemini, startGemini } from "../src/index.ts";

let gemini: StartedGemini;
beforeAll(async () => {
  gemini = await startGemini();
});
afterAll(() => gemini.stop());
beforeEach(() => gemini.reset());

const model = (options: { key?: string; timeout?: number } = {}) =>
  new GoogleGenerativeAI(options.key ?? "k1").getGenerativeModel(
    { model: "gemini-2.5-flash", systemInstruction: "You sell flowers." },
    { baseUrl: gemini.url, ...(options.timeout && { timeout: options.timeout }) },
  );

const asked = (wish: ScriptedWish) => {
  gemini.script(wish);
  return model().generateContent("hello");
};
const refusalOf = (wish: ScriptedWish) => asked(wish).then(fail, (error: unknown) => error);
const fail = (result: GenerateContentResult) => expect(result).toBe("refused");

describe("the Gemini stand-in, asked through Google's own package", () => {
  it("answers with the user's last text and counts tokens", async () => {
    const { response } = await model().generateContent("Гвоздики есть?");
    expect(response.text()).toContain("Гвоздики есть?");
    expect(response.candidates?.[0]?.finishReason).toBe("STOP");
    expect(response.usageMetadata?.promptTokenCount).toBeGreaterThan(5);
    expect(response.usageMetadata?.candidatesTokenCount).toBeGreaterThan(5);
  });

  it("streams an answer in pieces, with the tokens at the end", async () => {
    const { stream, response } = await model().generateContentStream("Salom, qanday gullar bor?");
    const pieces: string[] = [];
    for await (const piece of stream) pieces.push(piece.text());
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("Siz yozdingiz: «Salom, qanday gullar bor?». Yana qanday yordam kerak?");
    expect((await response).usageMetadata?.candidatesTokenCount).toBeGreaterThan(5);
  });

  it("keeps every request whole, with its key and time", async () => {
    await model({ key: "second" }).generateContent("hello");
    const [request] = gemini.requests();
    expect(request).toMatchObject({ model: "gemini-2.5-flash", key: "second", isStream: false });
    expect(JSON.stringify(request?.body)).toContain("You sell flowers.");
    expect(Math.abs(Date.now() - (request?.at ?? 0))).toBeLessThan(10_000);
  });

  it("refuses a request a minute too many, and says when to come back", async () => {
    const error = await refusalOf({ kind: "rate-minute", retryAfterSeconds: 7 });
    expect(error).toBeInstanceOf(GoogleGenerativeAIFetchError);
    expect(error).toMatchObject({ status: 429 });
    expect(JSON.stringify(error)).toContain('"retryDelay":"7s"');
    expect(JSON.stringify(error)).toContain("PerMinutePerProjectPerModel");
  });

  it("refuses a request a day too many by another quota's name", async () => {
    expect(JSON.stringify(await refusalOf({ kind: "rate-day" }))).toContain("PerDayPerProjectPerModel");
  });

  it.each([
    ["key-invalid", 400],
    ["model-retired", 404],
    ["internal", 500],
    ["overloaded", 503],
  ] as const)("fails by %s with status %i", async (kind, status) => {
    expect(await refusalOf({ kind })).toMatchObject({ status });
  });

  it("blocks an answer or a prompt, and gives no text or no candidate at all", async () => {
    expect((await asked({ kind: "safety" })).response.candidates?.[0]?.finishReason).toBe("SAFETY");
    expect((await asked({ kind: "prompt-blocked" })).response.promptFeedback?.blockReason).toBe("SAFETY");
    expect((await asked({ kind: "empty" })).response.text()).toBe("");
    expect((await asked({ kind: "no-candidates" })).response.candidates).toEqual([]);
  });

  it("says a scripted text, cut at the limit when told so", async () => {
    const { response } = await asked({ kind: "max-tokens", text: "half an ans" });
    expect(response.text()).toBe("half an ans");
    expect(response.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
  });

  it("blocks a streamed answer too", async () => {
    gemini.script({ kind: "safety" });
    const { response } = await model().generateContentStream("hello");
    expect((await response).candidates?.[0]?.finishReason).toBe("SAFETY");
  });

  it("falls silent, so that the caller's own limit of time ends the call", async () => {
    gemini.script({ kind: "hang" });
    await expect(model({ timeout: 200 }).generateContent("hello")).rejects.toThrow(/abort/i);
  });

  it("breaks off in the middle of a stream", async () => {
    gemini.script({ kind: "break-off", text: "only the first half arrives" });
    const { stream, response } = await model().generateContentStream("hello");
    const whole = expect(response).rejects.toThrow();
    const read = async () => {
      for await (const piece of stream) expect(piece.text()).toBe("only the first");
    };
    await expect(read()).rejects.toThrow();
    await whole;
  });

  it("keeps a script for the request it is meant for", async () => {
    gemini.script({ kind: "internal", when: "tulips", times: 2 });
    await expect(model().generateContent("roses")).resolves.toBeDefined();
    await expect(model().generateContent("tulips")).rejects.toThrow("500");
    await expect(model().generateContent("tulips")).rejects.toThrow("500");
    await expect(model().generateContent("tulips")).resolves.toBeDefined();
  });

  it("waits before it answers when told so", async () => {
    const begun = performance.now();
    await asked({ kind: "answer", text: "late", afterMs: 150 });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(149);
  });
});

describe("the Gemini stand-in's control over HTTP", () => {
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${gemini.url}/control${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });

  it("takes a script and shows and forgets the requests", async () => {
    await call("POST", "/script", [{ kind: "answer", text: "from afar" }]);
    expect((await model().generateContent("hello")).response.text()).toBe("from afar");
    expect(await (await call("GET", "/requests")).json()).toHaveLength(1);
    await call("DELETE", "/requests");
    expect(await (await call("GET", "/requests")).json()).toEqual([]);
  });

  it("names what is wrong with a script", async () => {
    const answer = await call("POST", "/script", { kind: "explode" });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain("kind");
  });
});

describe("a request Google would refuse", () => {
  const post = (body: unknown, key = "k1") =>
    fetch(`${gemini.url}/v1beta/models/m:generateContent`, {
      method: "POST",
      headers: { "x-goog-api-key": key },
      body: JSON.stringify(body),
    });
  const user = { role: "user", parts: [{ text: "hi" }] };

  it("is refused without a key", async () => expect((await post({ contents: [user] }, "")).status).toBe(403));

  it.each([
    ["no contents", {}],
    ["an unknown role", { contents: [{ ...user, role: "assistant" }] }],
    ["a last turn of the model", { contents: [user, { ...user, role: "model" }] }],
  ])("is refused for %s and not recorded", async (_, body) => {
    expect((await post(body)).status).toBe(400);
    expect(gemini.requests()).toEqual([]);
  });
});
