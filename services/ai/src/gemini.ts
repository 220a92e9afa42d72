import { type GenerateContentRequest, GoogleGenerativeAI } from "@google/generative-ai";
import { type GeminiChunk, geminiAnswer } from "./gemini-answer.ts";
import { toModelFailure } from "./gemini-failure.ts";
import { watchedCall } from "./network-code.ts";
import { ModelFailure, type TextModel, type TextRequest } from "./text-model.ts";

export interface GeminiOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** From the request until the last byte of the answer, ms; 40,000. */
  readonly timeoutMs?: number;
}

export const GEMINI_TIMEOUT_MS = 40_000;
// A Telegram user reads at most a few messages of 4,096 characters; thoughts count, too.
const MOST_OUTPUT_TOKENS = 8_192;

/** Google's Gemini by the package the mission names; nothing of its types is seen outside the gemini files. */
export function gemini({ apiKey, baseUrl, timeoutMs = GEMINI_TIMEOUT_MS }: GeminiOptions): TextModel {
  const google = new GoogleGenerativeAI(apiKey);
  return async function* generate(request, signal) {
    signal.throwIfAborted();
    const ending = endOfRequest(signal, timeoutMs);
    const call = watchedCall();
    try {
      const model = google.getGenerativeModel({ model: request.model }, { baseUrl });
      const options = { signal: ending.signal };
      const { stream, response } = await call.run(() => model.generateContentStream(contentOf(request), options));
      // The package reads the stream twice; nobody else awaits the second reading, whose failure would end the process.
      response.catch(() => undefined);
      yield { kind: "begun" };
      yield* geminiAnswer(stream as AsyncIterable<GeminiChunk>, request.model);
    } catch (error) {
      signal.throwIfAborted();
      if (ending.isLate()) throw new ModelFailure("timeout", `no whole answer within ${timeoutMs} ms`);
      throw toModelFailure(error, call.code());
    } finally {
      ending.reached();
    }
  };
}

const LATE = "late";

/**
 * Aborts when the caller does, when it is late, and once the request is over: leaving the loop early must end it, which the
 * package does not do by itself. Not `AbortSignal.any`: Node keeps such a signal for ever when it still has a listener, and
 * the package never takes its own away.
 */
function endOfRequest(caller: AbortSignal, timeoutMs: number) {
  const ending = new AbortController();
  const end = () => ending.abort(caller.reason);
  const late = setTimeout(() => ending.abort(LATE), timeoutMs);
  caller.addEventListener("abort", end, { once: true });
  return {
    signal: ending.signal,
    isLate: () => ending.signal.reason === LATE,
    reached() {
      clearTimeout(late);
      caller.removeEventListener("abort", end);
      ending.abort("left");
    },
  };
}

function contentOf({ instructions, utterances }: TextRequest): GenerateContentRequest {
  return {
    systemInstruction: { role: "system", parts: instructions.map((text) => ({ text })) },
    contents: utterances.map(({ speaker, text }) => ({ role: speaker, parts: [{ text }] })),
    generationConfig: { maxOutputTokens: MOST_OUTPUT_TOKENS },
  };
}
