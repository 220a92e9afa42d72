import { Api, GrammyError } from "grammy";

/** One update as Telegram's JSON has it. */
export interface TelegramUpdate {
  readonly update_id: number;
}

/** Asks Telegram for the updates from an offset on, waiting for the first; an offset confirms all before it. */
export type FetchUpdates = (offset: number, signal: AbortSignal) => Promise<readonly TelegramUpdate[]>;

/** Telegram said no; holds its number and words only, because grammY's own errors print the token. */
export class TelegramRefused extends Error {
  override readonly name = "TelegramRefused";
  readonly status: number;

  constructor(status: number, description: string) {
    super(description);
    this.status = status;
  }
}

type GrammySignal = NonNullable<Parameters<Api["getUpdates"]>[1]>;

const LONG_POLL_SECONDS = 25;

export function telegramUpdates(apiRoot: string, token: string): FetchUpdates {
  const api = new Api(token, { apiRoot, timeoutSeconds: LONG_POLL_SECONDS + 10 });
  return async (offset, signal) => {
    try {
      // grammY's types want the signal of a polyfill; it uses nothing that Node's own lacks.
      return await api.getUpdates({ offset, timeout: LONG_POLL_SECONDS }, signal as unknown as GrammySignal);
    } catch (error) {
      if (error instanceof GrammyError) throw new TelegramRefused(error.error_code, error.description);
      throw new TelegramRefused(0, "Telegram did not answer");
    }
  };
}
