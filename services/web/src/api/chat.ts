import { z } from "zod";
import { issue } from "./problem.ts";
import { nextPageToken, time } from "./text.ts";

export const chat = z
  .object({
    id: z.string().meta({ description: "Telegram's chat id, `<chatId>:<threadId>` with topics." }),
    type: z.string().meta({ description: "private, group, supergroup, channel or test." }),
    title: z.string(),
    username: z.string().nullable(),
    messages: z.int(),
    lastMessageAt: time.nullable(),
    lastText: z.string(),
  })
  .meta({ id: "Chat" });

export const message = z
  .object({
    id: z.string(),
    author: z.enum(["user", "bot", "owner"]),
    text: z.string(),
    status: z.enum(["received", "drafted", "sent", "refused", "undeliverable", "quarantined"]),
    problem: issue.nullable().meta({ description: "Why, when refused, undeliverable or quarantined." }),
    at: time,
    model: z.string().nullable(),
    promptVersion: z.int().nullable(),
    tokens: z.int().nullable(),
  })
  .meta({ id: "Message" });

export const chatPage = z.object({ chats: z.array(chat), nextPageToken }).meta({ id: "ChatPage" });
export const messagePage = z
  .object({ messages: z.array(message), nextPageToken })
  .meta({ id: "MessagePage", description: "Newest first." });

export type Chat = z.output<typeof chat>;
export type Message = z.output<typeof message>;
export type ChatPage = z.output<typeof chatPage>;
export type MessagePage = z.output<typeof messagePage>;
