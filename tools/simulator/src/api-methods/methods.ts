import { answerCallbackQuery } from "./answer-callback-query.ts";
import type { Method } from "./call.ts";
import { editMessageText } from "./edit-message-text.ts";
import { getChat } from "./get-chat.ts";
import { getMe } from "./get-me.ts";
import { getUpdates } from "./get-updates.ts";
import { deleteMyCommands, getMyCommands, setMyCommands } from "./my-commands.ts";
import { sendChatAction } from "./send-chat-action.ts";
import { sendMessage } from "./send-message.ts";
import { sendMessageDraft } from "./send-message-draft.ts";
import { deleteWebhook, getWebhookInfo, setWebhook } from "./webhook.ts";

const all = {
  answerCallbackQuery,
  deleteMyCommands,
  deleteWebhook,
  editMessageText,
  getChat,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  sendChatAction,
  sendMessage,
  sendMessageDraft,
  setMyCommands,
  setWebhook,
} satisfies Record<string, Method>;

const byLowerCase = new Map<string, { readonly name: string; readonly run: Method }>(
  Object.entries(all).map(([name, run]) => [name.toLowerCase(), { name, run }]),
);

/** Telegram reads method names without regard to case. */
export function findMethod(name: string): { readonly name: string; readonly run: Method } | undefined {
  return byLowerCase.get(name.toLowerCase());
}
