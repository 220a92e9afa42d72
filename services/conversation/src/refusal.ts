import { DomainError } from "@botfactory/decider";
import { type ReplyCode, type ReplyLanguage, replyPhrase } from "@botfactory/phrases";

/** Why there is no answer: a code for the log and the owner, a sentence for the person. */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
}

/** What the person reads for each reason; of keys they need not know. */
const REPLIES: ReadonlyMap<string, ReplyCode> = new Map([
  ["ai_key_missing", "ai_unavailable"],
  ["ai_key_invalid", "ai_unavailable"],
  ["ai_request_refused", "ai_unavailable"],
  ["ai_rate_minute", "ai_rate_minute"],
  ["ai_rate_day", "ai_rate_day"],
  ["ai_blocked", "ai_blocked"],
  ["ai_empty", "ai_empty"],
  ["ai_overloaded", "ai_overloaded"],
  ["ai_timeout", "ai_timeout"],
  ["owner_allowance_spent", "owner_allowance_spent"],
  ["text_only", "text_only"],
]);

const MINUTE_MS = 60_000;

/** The sentence for a refusal of ai; undefined for any other failure, which is worth trying again. */
export function refusalOf(error: unknown, language: ReplyLanguage): Refusal | undefined {
  if (!(error instanceof DomainError)) return undefined;
  return refusal(error.code, language, error.params["retry_at_unix_ms"]);
}

export function refusal(code: string, language: ReplyLanguage, retryAtUnixMs = ""): Refusal | undefined {
  // Whatever ai learns to refuse later is a refusal too, not an outage to be waited out.
  const reply = REPLIES.get(code) ?? (code.startsWith("ai_") ? "ai_unavailable" : undefined);
  if (reply === undefined) return undefined;
  const retryAt = Number(retryAtUnixMs) || Date.now() + MINUTE_MS;
  const params = {
    minutes: String(Math.max(1, Math.ceil((retryAt - Date.now()) / MINUTE_MS))),
    time: tashkentTime(retryAt),
  };
  return { code, sentence: replyPhrase(language, reply, params) };
}

function tashkentTime(unixMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "Asia/Tashkent" }).format(unixMs);
}
