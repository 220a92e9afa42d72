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

/** Asks ai for a whole answer. Refusals of ai come as `DomainError` with their codes. */
export function generate(client: Client<typeof AiService>): Generate {
  return async (request, { onQuotaWait } = {}) => {
    let text = "";
    let usage: Finished | undefined;
    // To the very end: leaving early would cancel the call while ai still notes what was spent.
    for await (const { part } of client.generate(request, { deadlineMs: DEADLINE_MS })) {
      if (part.case === "quotaWait") onQuotaWait?.();
      if (part.case === "textDelta") text += part.value.text;
      if (part.case === "finished") usage = part.value;
    }
    if (usage !== undefined) return { text, usage };
    throw new DomainError("unavailable", "unavailable", { cause: new Error("the answer of ai ended too early") });
  };
}
