import { ModelFailure, type TextPart, type Tokens } from "./text-model.ts";

/** One event of Gemini's stream, as far as it is read here; any member may be missing. */
export interface GeminiChunk {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] };
    readonly finishReason?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: {
    readonly promptTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
  };
  readonly modelVersion?: string;
  /** An answer that fails half-way ends so. */
  readonly error?: { readonly code?: number; readonly status?: string };
}

// Every other reason, also one that does not exist today, means that Gemini held text back.
const WHOLE = "STOP";
const TRUNCATED = "MAX_TOKENS";
const NOT_THE_USERS_FAULT = new Set(["OTHER", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]);
const NOT_SAID = "FINISH_REASON_UNSPECIFIED";

/** Gemini's stream as ours. Reads the reasons first: the package's own text() throws on SAFETY and includes thoughts. */
export async function* geminiAnswer(stream: AsyncIterable<GeminiChunk>, askedModel: string): AsyncGenerator<TextPart> {
  let tokens: Tokens = { input: 0, output: 0 };
  let model = askedModel;
  let finish: string | undefined;
  let hasText = false;
  for await (const chunk of stream) {
    tokens = tokensIn(chunk) ?? tokens;
    model = chunk.modelVersion ?? model;
    finish = chunk.candidates?.[0]?.finishReason ?? finish;
    refuseFailed(chunk, tokens);
    const text = textIn(chunk);
    if (text === "") continue;
    hasText = true;
    yield { kind: "piece", text };
  }
  if (finish === undefined || finish === NOT_SAID)
    throw new ModelFailure("overloaded", "the answer broke off", { tokens });
  if (!hasText) throw new ModelFailure("empty", `no text, finish reason ${finish}`, { tokens });
  yield { kind: "end", model, tokens, isTruncated: finish === TRUNCATED };
}

function refuseFailed({ error, promptFeedback, candidates }: GeminiChunk, tokens: Tokens): void {
  if (error !== undefined) {
    throw new ModelFailure("overloaded", `the answer broke off: ${error.code} ${error.status}`, { tokens });
  }
  const blocked = promptFeedback?.blockReason ?? candidates?.[0]?.finishReason;
  if (blocked === undefined || [WHOLE, TRUNCATED, NOT_SAID, "BLOCK_REASON_UNSPECIFIED"].includes(blocked)) return;
  throw new ModelFailure(NOT_THE_USERS_FAULT.has(blocked) ? "empty" : "blocked", blocked, { tokens });
}

function textIn({ candidates }: GeminiChunk): string {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text, thought }) => (thought === true ? "" : (text ?? ""))).join("");
}

function tokensIn({ usageMetadata }: GeminiChunk): Tokens | undefined {
  if (usageMetadata === undefined) return undefined;
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usageMetadata;
  return { input: promptTokenCount, output: candidatesTokenCount + thoughtsTokenCount };
}
