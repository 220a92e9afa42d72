import type { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import type { Access, Handlers } from "@botfactory/rpc";
import type { Bots } from "./bots-client.ts";
import { ownBot, placeOfChat } from "./own-bot.ts";
import type { chatLister } from "./read-model/list-chats.ts";
import type { messageLister } from "./read-model/list-messages.ts";
import type { testMessageSender } from "./send-test-message.ts";
import type { testChat } from "./test-chat.ts";

export const conversationAccess: Access<typeof ConversationService> = {
  listChats: "owner",
  listMessages: "owner",
  sendTestMessage: "owner",
  testChat: "owner",
};

export interface ConversationRpcOptions {
  readonly bots: Bots;
  readonly listChats: ReturnType<typeof chatLister>;
  readonly listMessages: ReturnType<typeof messageLister>;
  readonly sendTestMessage: ReturnType<typeof testMessageSender>;
  readonly converse: ReturnType<typeof testChat>;
}

/** Every method finds the caller's own bot first. */
export function conversationRpc(options: ConversationRpcOptions): Handlers<typeof ConversationService> {
  const { bots, listChats, listMessages, sendTestMessage, converse } = options;
  return {
    async listChats(request, call) {
      await ownBot(bots, request.botId, call);
      return listChats(request);
    },
    async listMessages(request, call) {
      const bot = await ownBot(bots, request.botId, call);
      return listMessages(placeOfChat(bot, request.chatId), request);
    },
    async sendTestMessage(request, call) {
      return sendTestMessage(await ownBot(bots, request.botId, call), request);
    },
    async testChat(request, call) {
      return converse(await ownBot(bots, request.botId, call), request);
    },
  };
}
