import { GrammyError, HttpError } from "grammy";

/** Why a call failed, in words of what to do next. Holds nothing of grammY's errors: they carry the token. */
export type TelegramFailure =
  /** 429: not taken; Telegram says when to come back. */
  | { readonly kind: "wait"; readonly ms: number }
  /** Never reached Telegram: no connection, no name, no TLS. */
  | { readonly kind: "unreached"; readonly reason: string }
  /** Will never be taken; an error code of the catalogue, and Telegram's own words. */
  | { readonly kind: "refused"; readonly code: string; readonly words: string }
  | { readonly kind: "migrated"; readonly chatId: string }
  | { readonly kind: "revoked" }
  /** May have been taken. */
  | { readonly kind: "doubtful"; readonly reason: string };

const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EPROTO"]);
// Certificates are refused before a byte of the request is written.
const TLS = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

export function telegramFailure(error: unknown): TelegramFailure {
  if (error instanceof GrammyError) return answered(error);
  if (error instanceof HttpError) return unanswered(error.error);
  return { kind: "doubtful", reason: "unknown" };
}

function answered({ error_code, description, parameters }: GrammyError): TelegramFailure {
  if (parameters.migrate_to_chat_id !== undefined)
    return { kind: "migrated", chatId: String(parameters.migrate_to_chat_id) };
  if (error_code === 429) return { kind: "wait", ms: (parameters.retry_after ?? 1) * 1_000 };
  // 404 is what Telegram says to a token it never knew.
  if (error_code === 401 || error_code === 404) return { kind: "revoked" };
  if (error_code === 403) return { kind: "refused", code: "bot_blocked_by_user", words: description };
  if (error_code >= 500) return { kind: "doubtful", reason: `status_${error_code}` };
  const isNoChat = /chat not found|chat_id is empty|PEER_ID_INVALID|group chat was (deactivated|upgraded)/i.test(
    description,
  );
  return { kind: "refused", code: isNoChat ? "telegram_chat_not_found" : "telegram_refused", words: description };
}

function unanswered(error: unknown): TelegramFailure {
  const code = textIn(error, "code");
  if (UNREACHED.has(code) || TLS.test(code)) return { kind: "unreached", reason: code };
  if (/timed out/.test(textIn(error, "message"))) return { kind: "doubtful", reason: "timeout" };
  // A proxy's HTML page instead of JSON, most often with status 502.
  if (textIn(error, "type") === "invalid-json") return { kind: "doubtful", reason: "not_json" };
  return { kind: "doubtful", reason: code || "unknown" };
}

function textIn(value: unknown, name: string): string {
  const held: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof held === "string" ? held : "";
}
