import { DomainError } from "@botfactory/decider";
import type { GenerateRequest } from "@botfactory/proto/ai/v1/ai";

// Both become part of a subject, and the model's name of Google's address.
const OWNER_ID = /^[\w-]{1,128}$/;
const MODEL_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
// What the plans allow of history and prompt stays far below; a megabyte would be somebody's mistake.
const LONGEST_PROMPT = 200_000;

/** Throws `field_required` or `field_invalid`. */
export function checkGenerateRequest(request: GenerateRequest): void {
  for (const field of ["ownerId", "botId", "chargeKey", "text"] as const) {
    if (request[field].trim() === "") throw new DomainError("invalid", "field_required", { params: { field } });
  }
  if (!OWNER_ID.test(request.ownerId)) throw invalid("ownerId", "A-Z a-z 0-9 _ -");
  if (request.model !== "" && !MODEL_NAME.test(request.model)) throw invalid("model", "not a name of a model");
  const length = request.history.reduce(
    (sum, { text }) => sum + text.length,
    request.systemPrompt.length + request.text.length,
  );
  if (length > LONGEST_PROMPT) throw invalid("history", `more than ${LONGEST_PROMPT} characters in all`);
}

function invalid(field: string, reason: string): DomainError {
  return new DomainError("invalid", "field_invalid", { params: { field, reason } });
}
