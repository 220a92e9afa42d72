import { DomainError } from "@botfactory/decider";
import { inSpan, redactText } from "@botfactory/service-kit";
import { metrics, SpanKind } from "@opentelemetry/api";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { Api, GrammyError } from "grammy";
import type { WebhookAtTelegram } from "./domain/webhook-problem.ts";

/** Telegram answered, and the answer is no. Holds Telegram's words only: grammY's own errors print the token. */
export class TelegramRefused extends Error {
  override readonly name = "TelegramRefused";
  readonly status: number;
  readonly retryAfterS: number;

  constructor({ error_code: status, description, parameters }: GrammyError) {
    super(redactText(description));
    this.status = status;
    this.retryAfterS = parameters.retry_after ?? 0;
  }

  /** 404 is Telegram's answer to what does not look like a token, or no longer does. */
  get isOfToken(): boolean {
    return this.status === 401 || this.status === 404;
  }
}

export interface TelegramUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

export interface WebhookInfo extends WebhookAtTelegram {
  readonly lastErrorMessage: string;
}

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** The calls of the Bot API that bots needs. Each throws `TelegramRefused`, or unavailable `telegram_unreachable`. */
export interface Telegram {
  getMe(token: string): Promise<TelegramUser>;
  setWebhook(token: string, target: WebhookTarget): Promise<void>;
  deleteWebhook(token: string): Promise<void>;
  getWebhookInfo(token: string): Promise<WebhookInfo>;
}

/** What conversation understands, now or soon; Telegram keeps a list for ever once it was given. */
const ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"] as const;
/** Telegram's default; more would only make a restarted ingress meet a higher wave. */
const MAX_CONNECTIONS = 40;
const TIMEOUT_S = 30;
/** Telegram asks for one second between two setWebhook of a bot; longer waits are the owner's to decide. */
const LONGEST_WAIT_S = 5;

export function telegram(apiRoot: string): Telegram {
  const apiOf = (token: string) =>
    new Api(token, { apiRoot: apiRoot.replace(/\/+$/, ""), timeoutSeconds: TIMEOUT_S, sensitiveLogs: false });

  return {
    getMe: (token) =>
      call("getMe", async () => {
        const { id, username, first_name } = await apiOf(token).getMe();
        return { id: String(id), username, name: first_name };
      }),
    setWebhook: (token, { url, secret }) =>
      call("setWebhook", async () => {
        const options = { secret_token: secret, allowed_updates: ALLOWED_UPDATES, max_connections: MAX_CONNECTIONS };
        await apiOf(token).setWebhook(url, options);
      }),
    deleteWebhook: (token) =>
      call("deleteWebhook", async () => {
        await apiOf(token).deleteWebhook();
      }),
    getWebhookInfo: (token) =>
      call("getWebhookInfo", async () => {
        const info = await apiOf(token).getWebhookInfo();
        return {
          url: info.url ?? "",
          pendingUpdates: info.pending_update_count,
          lastErrorAtUnixMs: (info.last_error_date ?? 0) * 1000,
          lastErrorMessage: redactText(info.last_error_message ?? ""),
        };
      }),
  };
}

const patience = retry(
  handleWhen(
    (error) => error instanceof TelegramRefused && error.status === 429 && error.retryAfterS <= LONGEST_WAIT_S,
  ),
  { maxAttempts: 3, backoff: new DelegateBackoff(({ result }) => waitAskedFor(result)) },
);

function waitAskedFor(result: object): number {
  const error = "error" in result ? result.error : undefined;
  return error instanceof TelegramRefused ? error.retryAfterS * 1000 : 0;
}

const durations = metrics.getMeter("@botfactory/bots").createHistogram("telegram_call_duration_seconds", {
  description: "Time of calls to Telegram's Bot API, by method and outcome.",
});

function call<Result>(method: string, request: () => Promise<Result>): Promise<Result> {
  return inSpan(
    `telegram ${method}`,
    { kind: SpanKind.CLIENT, attributes: { "telegram.method": method } },
    async () => {
      const started = performance.now();
      let outcome = "ok";
      try {
        return await patience.execute(() => request().catch(withoutToken));
      } catch (error) {
        outcome = error instanceof TelegramRefused ? String(error.status) : "unreachable";
        throw error instanceof TelegramRefused ? decline(error) : error;
      } finally {
        durations.record((performance.now() - started) / 1000, { method, outcome });
      }
    },
  );
}

/** Nothing of grammY's error goes on, neither as cause nor in a stack: its parts hold the address with the token. */
function withoutToken(error: unknown): never {
  if (error instanceof GrammyError) throw new TelegramRefused(error);
  throw new DomainError("unavailable", "telegram_unreachable");
}

function decline(error: TelegramRefused): Error {
  if (error.status === 429) {
    return new DomainError("unavailable", "telegram_rate_limited", { params: { seconds: String(error.retryAfterS) } });
  }
  return error.status >= 500 ? new DomainError("unavailable", "telegram_unreachable") : error;
}
