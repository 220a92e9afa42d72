import type { Bots } from "./bots.ts";
import type { CallbackQueries } from "./callback-queries.ts";
import type { Changes } from "./changes.ts";
import type { Chats } from "./chats.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Polling } from "./polling.ts";
import type { Updates } from "./updates.ts";
import type { Users } from "./users.ts";
import type { Post } from "./webhook-post.ts";
import type { Webhooks } from "./webhooks.ts";

/** Everything that exists in this Telegram, and the rules that can be switched. */
export interface World {
  readonly bots: Bots;
  readonly users: Users;
  readonly chats: Chats;
  readonly updates: Updates;
  readonly webhooks: Webhooks;
  readonly polling: Polling;
  readonly callbackQueries: CallbackQueries;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly changes: Changes;
  readonly post: Post;
  readonly rules: Rules;
}

export interface Rules {
  /** Like `telegram-bot-api --local`: webhooks may use http, any port and any address. */
  readonly localMode: boolean;
  readonly retryScale: number;
  readonly webhookTimeoutMs: number;
}
