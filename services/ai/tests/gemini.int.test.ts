import { inspect } from "node:util";
import { queryObjects } from "node:v8";
import { freePort } from "@botfactory/infrastructure";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type GeminiOptions, gemini } from "../src/gemini.ts";
import { ModelFailure, type TextPart } from "../src/text-model.ts";
import {
  chunks,
  fails,
  type GeminiScript,
  geminiScript,
  piece,
  quotaFailure,
  type Reply,
  says,
  usage,
} from "./gemini-script.ts";
import { until } from "./stage.ts";

const KEY = "AIzaSyA-canary-key-of-this-test-0123456789";
let google: GeminiScript;

beforeAll(async () => {
  google = await geminiScript();
});
beforeEach(() => google.reset());
afterAll(() => google.close());

const request = {
  model: "gemini-x",
  instructions: ["rules", "owner"],
  utterances: [
    { speaker: "user" as const, text: "salom" },
    { speaker: "model" as const, text: "va alaykum" },
    { speaker: "user" as const, text: "qalay?" },
  ],
};

async function ask(signal = new AbortController().signal, timeoutMs = 5_000): Promise<TextPart[]> {
  const parts: TextPart[] = [];
  for await (const part of gemini({ apiKey: KEY, baseUrl: google.url, timeoutMs })(request, signal)) parts.push(part);
  return parts;
}

const closedPort = async () => `http://127.0.0.1:${await freePort()}`;

/** What asking ends in where the adapter is made so. */
async function thrownBy(options: Partial<GeminiOptions>): Promise<unknown> {
  const parts = gemini({ apiKey: KEY, baseUrl: google.url, ...options })(request, new AbortController().signal);
  return parts[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error);
}

async function failureOf(reply: Reply, timeoutMs?: number): Promise<ModelFailure> {
  google.next(reply);
  const error = await ask(undefined, timeoutMs).catch((thrown: unknown) => thrown);
  if (!(error instanceof ModelFailure)) throw new Error(`not a failure of the model: ${inspect(error)}`);
  return error;
}

describe("an answer of Gemini", () => {
  it("comes piece by piece, with its tokens, thoughts counted but not shown", async () => {
    const thought = { candidates: [{ content: { parts: [{ text: "hmm", thought: true }, { text: "Yax" }] } }] };
    google.next(
      chunks(thought, piece("shi"), {
        ...piece("!", { finishReason: "STOP" }),
        usageMetadata: usage,
        modelVersion: "gemini-y",
      }),
    );
    expect(await ask()).toEqual([
      { kind: "begun" },
      { kind: "piece", text: "Yax" },
      { kind: "piece", text: "shi" },
      { kind: "piece", text: "!" },
      { kind: "end", model: "gemini-y", tokens: { input: 11, output: 7 }, isTruncated: false },
    ]);
  });

  it("leaves nothing of its request behind: a thousand calls a minute would fill the memory", async () => {
    const requests = 20;
    await ask();
    const held = () => Number(queryObjects(AbortController, { format: "count" }));
    const before = held();
    for (let asked = 0; asked < requests; asked += 1) await ask();
    // Some are let go of a moment later, and the last ones with the next request.
    await until(() => held() - before < requests / 2);
  });

  it("that was cut at the length limit says so", async () => {
    google.next(chunks(piece("long", { finishReason: "MAX_TOKENS" })));
    expect((await ask()).at(-1)).toMatchObject({ kind: "end", isTruncated: true });
  });

  it("is asked for with instructions and conversation apart, and the key in a header only", async () => {
    google.next(says("ok"));
    await ask();
    const [seen] = google.seen;
    expect(seen?.path).toBe("/v1beta/models/gemini-x:streamGenerateContent?alt=sse");
    expect(seen?.key).toBe(KEY);
    expect(seen?.body.systemInstruction.parts).toEqual([{ text: "rules" }, { text: "owner" }]);
    expect(seen?.body.contents.map(({ role }) => role)).toEqual(["user", "model", "user"]);
  });
});

describe("no answer of Gemini", () => {
  const invalidKey = fails(400, "INVALID_ARGUMENT", [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" },
  ]);
  const cut: Reply = (response) => {
    response.writeHead(200).write(`data: ${JSON.stringify(piece("half"))}\r\n\r\n`);
    response.destroy();
  };

  it.each<[string, Reply, Partial<ModelFailure>]>([
    ["an invalid key", invalidKey, { kind: "key-invalid" }],
    ["401", fails(401, "UNAUTHENTICATED"), { kind: "key-invalid" }],
    ["403", fails(403, "PERMISSION_DENIED"), { kind: "key-invalid" }],
    [
      "429 of the minute",
      quotaFailure("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "34.074824224s"),
      { kind: "rate-minute", retryAfterMs: 34_075 },
    ],
    [
      "429 of the tokens of a minute",
      quotaFailure("GenerateContentInputTokensPerModelPerMinute-FreeTier"),
      { kind: "rate-minute" },
    ],
    [
      "429 of the day",
      quotaFailure("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "20s"),
      { kind: "rate-day", retryAfterMs: 20_000 },
    ],
    ["429 without a reason", fails(429, "RESOURCE_EXHAUSTED"), { kind: "rate-minute" }],
    ["500", fails(500, "INTERNAL"), { kind: "overloaded" }],
    ["503", fails(503, "UNAVAILABLE"), { kind: "overloaded" }],
    ["504", fails(504, "DEADLINE_EXCEEDED"), { kind: "timeout" }],
    ["a model that is gone", fails(404, "NOT_FOUND"), { kind: "request-refused" }],
    [
      "a refused prompt",
      chunks({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: usage }),
      { kind: "blocked" },
    ],
    ["a blocked answer", chunks(piece("bad"), piece("", { finishReason: "SAFETY" })), { kind: "blocked" }],
    ["a reason that does not exist today", chunks(piece("", { finishReason: "COSMIC_RAYS" })), { kind: "blocked" }],
    ["no reason", chunks(piece("", { finishReason: "OTHER" })), { kind: "empty" }],
    ["a full stop without text", chunks(piece("", { finishReason: "STOP" })), { kind: "empty" }],
    ["thoughts until the length limit", chunks({ candidates: [{ finishReason: "MAX_TOKENS" }] }), { kind: "empty" }],
    ["no candidate at all", chunks({}), { kind: "overloaded" }],
    [
      "an error in the middle",
      chunks(piece("half"), { error: { code: 503, status: "UNAVAILABLE" } }),
      { kind: "overloaded" },
    ],
    ["a stream that breaks off", cut, { kind: "overloaded" }],
    ["bytes that are no JSON", (response) => response.writeHead(200).end("data: {]\r\n\r\n"), { kind: "overloaded" }],
  ])("because of %s is told by its kind, with nothing of the key or the prompt", async (_name, reply, expected) => {
    const failure = await failureOf(reply);
    expect(failure).toMatchObject(expected);
    expect(`${inspect(failure, { depth: 9 })} ${JSON.stringify(failure)}`).not.toMatch(/AIza|salom|127\.0\.0\.1/);
  });

  it("in time is a time-out, and the request is given up", async () => {
    let gone: Promise<unknown> | undefined;
    const failure = await failureOf((response) => {
      gone = new Promise((resolve) => response.once("close", resolve));
    }, 100);
    expect(failure.kind).toBe("timeout");
    await gone;
  });

  it("where nobody listens counts as overloaded, and says how it failed", async () => {
    const failure = await thrownBy({ baseUrl: await closedPort() });
    expect(failure).toMatchObject({ kind: "overloaded", message: "Gemini did not answer: ECONNREFUSED" });
  });

  it("where no TLS is spoken says so, whatever other requests meet meanwhile", async () => {
    const baseUrl = google.url.replace("http:", "https:");
    const [untrusted, unreached] = await Promise.all([
      thrownBy({ baseUrl }),
      thrownBy({ baseUrl: await closedPort() }),
    ]);
    expect(untrusted).toMatchObject({ kind: "overloaded", message: expect.stringContaining("ERR_SSL_") });
    expect(unreached).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
  });

  it("because of a stream that breaks off says how", async () => {
    expect(await failureOf(cut)).toMatchObject({ message: "Gemini did not answer: UND_ERR_SOCKET" });
  });

  it("because of a bug is no failure of the model: it tells the place, and nothing of the key", async () => {
    const failure = await thrownBy({ apiKey: `${KEY}\n!` });
    expect(failure).not.toBeInstanceOf(ModelFailure);
    expect(failure).toMatchObject({ message: "TypeError where Gemini is asked", stack: expect.stringMatching(/ at /) });
    expect(inspect(failure)).not.toContain(KEY);
  });

  it("is waited for once the caller is gone, and the request is given up", async () => {
    const caller = new AbortController();
    let gone: Promise<unknown> | undefined;
    google.next((response) => {
      gone = new Promise((resolve) => response.once("close", resolve));
      caller.abort(new Error("gone"));
    });
    await expect(ask(caller.signal)).rejects.toThrow("gone");
    await gone;
  });
});
