import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { client, type MutualTls, serviceIdentity } from "@botfactory/rpc";
import { type Generate, generate } from "./ai-client.ts";
import { type Bots, bots } from "./bots-client.ts";
import type { ConversationConfig } from "./config.ts";
import { type Telegram, telegram } from "./telegram.ts";

/** Those conversation asks: bots, ai and Telegram. */
export interface Neighbours {
  readonly bots: Bots;
  readonly generate: Generate;
  readonly telegram: Telegram;
  close(): void;
}

export function neighbours(config: ConversationConfig, tls?: MutualTls): Neighbours {
  const identity = serviceIdentity({ name: "conversation", key: config.SERVICE_AUTH_KEY });
  const botsClient = client(BotsService, { url: config.BOTS_URL, identity, tls });
  const aiClient = client(AiService, { url: config.AI_URL, identity, tls });
  return {
    bots: bots(botsClient),
    generate: generate(aiClient),
    telegram: telegram({ apiRoot: config.TELEGRAM_API_ROOT, timeoutSeconds: config.TELEGRAM_TIMEOUT_SECONDS }),
    close() {
      botsClient.close();
      aiClient.close();
    },
  };
}
