import { replyPhrase } from "@botfactory/phrases";
import { issueOf } from "../issue.ts";
import type { Services } from "../services.ts";
import { TELEGRAM_DEADLINE_MS, TEST_CHAT_DEADLINE_MS } from "../services.ts";
import { asOwner, type Handlers } from "./handler.ts";
import { orNull, spokenLanguageWord } from "./words.ts";

type TestHandlers = Pick<Handlers, "sendTestMessage" | "testChat">;

export function testHandlers({ conversation }: Services): TestHandlers {
  return {
    async sendTestMessage({ params, body }, call) {
      const text = body.text?.trim() || replyPhrase(call.language, "test_greeting");
      const { messageId } = await conversation.sendTestMessage(
        { botId: params.botId, chatId: body.chatId, text },
        asOwner(call, TELEGRAM_DEADLINE_MS),
      );
      return { messageId };
    },

    async testChat({ params, body }, call) {
      const reply = await conversation.testChat(
        { botId: params.botId, text: body.text },
        asOwner(call, TEST_CHAT_DEADLINE_MS),
      );
      return {
        text: reply.text,
        refusal: issueOf(call.language, reply.refusalCode),
        model: orNull(reply.model),
        promptVersion: reply.promptVersion,
        tokens: reply.tokens,
        language: spokenLanguageWord(reply.language),
      };
    },
  };
}
