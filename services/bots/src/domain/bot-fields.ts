import { DomainError } from "@botfactory/decider";
import { Language } from "@botfactory/proto/events/v1/account";

export const NAME_LIMIT = 64;
export const DESCRIPTION_LIMIT = 500;
export const PROMPT_LIMIT = 8_000;

/** A bot's name without the spaces around it, 1 to 64 characters on one line. */
export function botName(given: string): string {
  const name = given.trim();
  if (name === "") throw new DomainError("invalid", "field_required", { params: { field: "name" } });
  return storable("name", name, { limit: NAME_LIMIT, unstorable: /[\p{Cc}\p{Cs}]/u });
}

/** Free text of the owner, at most 500 characters. */
export function botDescription(given: string): string {
  return storable("description", given.trim(), { limit: DESCRIPTION_LIMIT });
}

/** The system prompt as it was given, 1 to 8,000 characters. */
export function botPrompt(prompt: string): string {
  if (prompt.trim() === "") throw new DomainError("invalid", "prompt_empty");
  const length = lengthOf(prompt);
  if (length > PROMPT_LIMIT) {
    const params = { limit: String(PROMPT_LIMIT), length: String(length) };
    throw new DomainError("invalid", "prompt_too_long", { params });
  }
  return storable("systemPrompt", prompt, { limit: PROMPT_LIMIT });
}

/** One of the three languages the console offers. */
export function botLanguage(language: Language): Language {
  if ([Language.UZ, Language.RU, Language.EN].includes(language)) return language;
  throw invalidField("language", "uz | ru | en");
}

// Telegram prints 8 to 10 digits and 35 characters; the margins are for what it may print tomorrow.
const TOKEN = /^\d{6,16}:[A-Za-z0-9_-]{30,80}$/;

/** A token in the shape of BotFather's, without the spaces copying brings along. */
export function botToken(given: string): string {
  const token = given.trim();
  if (token === "") throw new DomainError("invalid", "field_required", { params: { field: "telegramToken" } });
  if (!TOKEN.test(token)) throw new DomainError("invalid", "token_invalid");
  return token;
}

const REQUEST_ID_LIMIT = 64;

/** What a caller names a request by, so that it may be repeated; empty when it does not. */
export function requestId(given: string): string {
  return storable("requestId", given, { limit: REQUEST_ID_LIMIT });
}

// PostgreSQL under FerretDB stores no NUL, and UTF-8 has no lone surrogates: refused here, not half-way.
const UNSTORABLE = /[^\P{Cc}\n\r\t]|\p{Cs}/u;

interface TextRule {
  readonly limit: number;
  readonly unstorable?: RegExp;
}

function storable(field: string, text: string, { limit, unstorable = UNSTORABLE }: TextRule): string {
  if (lengthOf(text) > limit) throw invalidField(field, `≤ ${limit}`);
  const found = unstorable.exec(text)?.[0].codePointAt(0);
  if (found !== undefined) throw invalidField(field, `U+${found.toString(16).toUpperCase().padStart(4, "0")}`);
  return text;
}

/** In characters as people count them, so that an emoji is one. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** The reason is put into sentences of three languages, so it is a sign that needs no translation. */
export function invalidField(field: string, reason: string): DomainError {
  return new DomainError("invalid", "field_invalid", { params: { field, reason } });
}
