import { expect } from "@jest/globals";
import type { MessageParts } from "./message.ts";
import { type UpdateParts, updateJson } from "./update.ts";
import type { IdText } from "./values.ts";

// Half of a letter such as ∀ is a quotation mark, so how deep the bytes nest cannot be told from the text.
const NO_UPDATE = expect.stringMatching(/^(too_deep|not_json)$/);

/** What ingress must make of an update, told from its parts without reading its bytes. */
export function expectedAddress(parts: UpdateParts): string | object {
  const { damage, kind, updateId, message } = parts;
  if (damage !== "nothing" && updateJson(parts).depth > 64) return damage === "utf16" ? NO_UPDATE : "too_deep";
  if (damage !== "none" && damage !== "spaces") return "not_json";
  if (updateId.id === undefined || updateId.id.startsWith("-")) return "no_update_id";
  if (kind === "" || kind === "inline_query" || message.chat.id === undefined) return "no_chat";
  const isInTopic = message.isTopic === "true" && message.thread.id !== undefined;
  return {
    updateId: updateId.id,
    chatId: message.chat.id,
    ...(isInTopic ? { threadId: message.thread.id } : {}),
  };
}

/** What conversation must make of it. */
export function expectedContent(parts: UpdateParts): object {
  const { damage, kind, message } = parts;
  if (!["none", "spaces", "bom"].includes(damage)) return passedOver("unreadable");
  if (kind !== "message") return passedOver(kind === "" ? "empty" : kind);
  return isMalformed(message) ? passedOver("unreadable") : contentOf(message);
}

function isMalformed({ chat, chatType, messageId, from, isTopic, thread, ...texts }: MessageParts): boolean {
  const wrongTexts = [
    texts.text,
    texts.caption,
    texts.username,
    from === "nobody" ? undefined : texts.languageCode,
  ].some((field) => field !== undefined && field.said === undefined);
  const noIds = chat.id === undefined || messageId.id === undefined || (thread.json !== undefined && isNoId(thread));
  return wrongTexts || noIds || chatType?.said === undefined || from === "odd" || isTopic === '"true"';
}

const isNoId = ({ id }: IdText) => id === undefined;

function contentOf(message: MessageParts): object {
  const { chat, chatType, messageId, from, text, caption, content, isTopic, thread } = message;
  if (from !== "person") return passedOver("not_from_a_person");
  const person = {
    messageId: messageId.id,
    senderId: "7",
    chat: { chatId: chat.id, threadId: isTopic === "true" ? (thread.id ?? "") : "" },
  };
  const words = legible(text?.said ?? caption?.said ?? "");
  if (words !== "") return { ...person, kind: "text", text: words, isCommand: text?.said?.[0] === "/" };
  const isWordless = content === "photo" || content === "sticker";
  if (isWordless && chatType?.said === "private") return { ...person, kind: "no-text" };
  return passedOver(isWordless || text !== undefined ? "no_text" : "service_message");
}

/** UTF-8 has no lone surrogates, so a way through it replaces them. */
function legible(text: string): string {
  return Buffer.from(Buffer.from(text).toString().split("\0").join("")).toString().trim();
}

const passedOver = (reason: string) => ({ kind: "pass-over", reason });
