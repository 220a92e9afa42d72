import { DomainError } from "@botfactory/decider";
import type { AiService, Finished, GenerateRequestSchema } from "@botfactory/proto/ai/v1/ai";
import type { Client } from "@botfactory/rpc";
import type { MessageInitShape } from "@bufbuild/protobuf";

export interface Generated {
  readonly text: string;
  readonly usage: Pick<Finished, "model" | "inputTokens" | "outputTokens">;
}

export interface GenerateOptions {
  /** The quota makes the call wait; once per wait. */
  readonly onQuotaWait?: () => void;
}

export type Generate = (
  request: MessageInitShape<typeof GenerateRequestSchema>,
  options?: GenerateOptions,
) => Promise<Generated>;

// Gemini has 40 s; ai itself waits some seconds for quota before it asks.
const DEADLINE_MS = 90_000;
// Our own clock ends the call first: gRPC's deadline looks like an ai that is away.
const LEEWAY_MS = 5_000;

type Ai = Pick<Client<typeof AiService>, "generate">;

/**
 * Asks ai for a whole answer. Refusals of ai come as `DomainError` with their codes, and silence as `ai_timeout`: who has
 * waited that long is told, while an ai that cannot be reached is waited for.
 */
export function generate(ai: Ai, { deadlineMs = DEADLINE_MS }: { readonly deadlineMs?: number } = {}): Generate {
  return async (request, { onQuotaWait } = {}) => {
    const late = AbortSignal.timeout(deadlineMs);
    let text = "";
    let usage: Finished | undefined;
    try {
      // To the very end: leaving early would cancel the call while ai still notes what was spent.
      for await (const { part } of ai.generate(request, { deadlineMs: deadlineMs + LEEWAY_MS, signal: late })) {
        if (part.case === "quotaWait") onQuotaWait?.();
        if (part.case === "textDelta") text += part.value.text;
        if (part.case === "finished") usage = part.value;
      }
    } catch (error) {
      if (late.aborted) throw new DomainError("unavailable", "ai_timeout", { cause: error });
      throw error;
    }
    if (usage !== undefined) return { text, usage };
    throw new DomainError("unavailable", "unavailable", { cause: new Error("the answer of ai ended too early") });
  };
}
