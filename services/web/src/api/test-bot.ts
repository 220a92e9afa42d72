import { z } from "zod";
import { issue } from "./problem.ts";
import { text } from "./text.ts";

const CHAT_ID = /^-?\d{1,20}(:\d{1,20})?$/;

export const sendTestMessage = z
  .strictObject({
    chatId: z
      .union([z.string().regex(CHAT_ID), z.int()])
      .transform(String)
      .meta({ description: "Telegram's id of a chat that has started the bot." }),
    text: text({ description: "Absent or empty sends a greeting in your language.", maxLength: 4096 }).optional(),
  })
  .meta({ id: "SendTestMessage" });

export const sentTestMessage = z
  .object({ messageId: z.string().meta({ description: "Telegram's id of the message." }) })
  .meta({ id: "SentTestMessage" });

export const testChat = z
  .strictObject({ text: text({ description: "What a user would write.", minLength: 1, maxLength: 4096 }) })
  .meta({ id: "TestChat" });

export const testChatReply = z
  .object({
    text: z.string().meta({ description: "What a user in Telegram would read." }),
    refusal: issue.nullable().meta({ description: "Why there is no answer of the AI; null when there is one." }),
    model: z.string().nullable(),
    promptVersion: z.int(),
    tokens: z.int(),
    language: z.enum(["uz", "uz_cyrl", "ru", "en"]).nullable().meta({ description: "Language of your words." }),
  })
  .meta({ id: "TestChatReply" });

export type SendTestMessage = z.input<typeof sendTestMessage>;
export type SentTestMessage = z.output<typeof sentTestMessage>;
export type TestChat = z.input<typeof testChat>;
export type TestChatReply = z.output<typeof testChatReply>;
