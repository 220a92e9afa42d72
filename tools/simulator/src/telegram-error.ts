export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** A refusal with exactly the three fields Telegram answers: error_code, description, parameters. */
export class TelegramError extends Error {
  override readonly name = "TelegramError";
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** Telegram lower-cases the first letter of its own message, but leaves codes such as BUTTON_DATA_INVALID alone. */
export function badRequest(message: string, parameters?: ErrorParameters): TelegramError {
  const isCode = /^[A-Z][A-Z_]/.test(message);
  const text = isCode ? message : message.charAt(0).toLowerCase() + message.slice(1);
  return new TelegramError(400, `Bad Request: ${text}`, parameters);
}

export function tooManyRequests(retryAfter: number): TelegramError {
  return new TelegramError(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
}

export interface ErrorBody {
  readonly ok: false;
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: ErrorParameters;
}

export function errorBody({ code, message, parameters }: TelegramError): ErrorBody {
  return { ok: false, error_code: code, description: message, ...(parameters && { parameters }) };
}
