import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { type Client, client, type MutualTls } from "@botfactory/rpc";
import type { WebConfig } from "./config.ts";

/** The three services behind the console, always asked in the owner's name. */
export interface Services {
  readonly bots: Client<typeof BotsService>;
  readonly ai: Client<typeof AiService>;
  readonly conversation: Client<typeof ConversationService>;
}

export function connectServices(
  config: Pick<WebConfig, "botsUrl" | "aiUrl" | "conversationUrl">,
  tls?: MutualTls,
): Services {
  return {
    bots: client(BotsService, { url: config.botsUrl, tls }),
    ai: client(AiService, { url: config.aiUrl, tls }),
    conversation: client(ConversationService, { url: config.conversationUrl, tls }),
  };
}

// Telegram may take 30 s to answer and Gemini 40 s; the services give up first, so that the person reads their reason.
export const TELEGRAM_DEADLINE_MS = 35_000;
export const TEST_CHAT_DEADLINE_MS = 100_000;
