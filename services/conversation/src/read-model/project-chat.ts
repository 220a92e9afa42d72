import type { Recorded } from "@botfactory/event-store";
import { placeOf } from "../chat-place.ts";
import type { ChatEvent } from "../domain/conversation-state.ts";
import type { ChatDocument } from "./chat-document.ts";
import { base64 } from "./project-message.ts";

export type ProjectedChat = Omit<ChatDocument, "_id" | "sequence">;

const CHANGING = ["chatOpened", "turnStarted", "replyDrafted", "testMessageSent"];

export function chatIdsOf({ subject, event }: Recorded<ChatEvent>): readonly string[] {
  const place = placeOf(subject);
  return place === undefined || !CHANGING.includes(event.case) ? [] : [`${place.botId}.${place.chatKey}`];
}

export function projectChat(chat: ProjectedChat | undefined, recorded: Recorded<ChatEvent>): ProjectedChat | undefined {
  const { event, subject, time } = recorded;
  if (event.case === "chatOpened") {
    const sealedIdentity = base64(event.value.sealedIdentity);
    const known = chat ?? { messages: 0, lastMessageAt: time, sealedLastText: "" };
    return { ...known, ...placeIn(subject), sealedIdentity };
  }
  // A test message into a chat nobody wrote in makes no chat of it.
  if (chat === undefined || !("sealedText" in event.value)) return chat;
  return { ...chat, messages: chat.messages + 1, lastMessageAt: time, sealedLastText: base64(event.value.sealedText) };
}

function placeIn(subject: string) {
  const [botId = "", chatKey = ""] = subject.split(".").slice(1);
  return { botId, chatKey };
}
