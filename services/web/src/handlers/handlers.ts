import type { Services } from "../services.ts";
import { accountHandlers } from "./account.ts";
import { botHandlers } from "./bots.ts";
import { chatHandlers } from "./chats.ts";
import type { Handlers } from "./handler.ts";
import { testHandlers } from "./test-bot.ts";
import { webhookHandlers } from "./webhook.ts";

export function handlers(services: Services): Handlers {
  return {
    ...accountHandlers(services),
    ...botHandlers(services),
    ...webhookHandlers(services),
    ...testHandlers(services),
    ...chatHandlers(services),
  };
}
