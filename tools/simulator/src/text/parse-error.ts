import { badRequest, type TelegramError } from "../telegram-error.ts";

export function parseError(reason: string): TelegramError {
  return badRequest(`can't parse entities: ${reason}`);
}

/** Telegram names places in bytes of the text as it was sent. */
export function byteOffset(text: string, index: number): number {
  return Buffer.byteLength(text.slice(0, index));
}
