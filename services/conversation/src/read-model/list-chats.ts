import {
  ChatSchema,
  type ListChatsRequest,
  ListChatsResponseSchema,
} from "@botfactory/proto/conversation/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { trusted } from "mongoose";
import { z } from "zod";
import type { ChatTexts } from "../chat-texts.ts";
import { pageSize, pageStart, pageToken } from "../page.ts";
import type { ChatDocument, ChatModel } from "./chat-document.ts";

const LAST_MOMENT_MS = 8.64e15;
const place = z.object({ at: z.int().min(-LAST_MOMENT_MS).max(LAST_MOMENT_MS), id: z.string().max(100) });
const PREVIEW = 120;

/** A page of a bot's chats, last active first. */
export function chatLister({ chats, texts }: { readonly chats: ChatModel; readonly texts: ChatTexts }) {
  return async ({ botId, pageSize: asked, pageToken: token }: ListChatsRequest) => {
    const size = pageSize(asked);
    const after = pageStart(place, token);
    const found = await chats
      .find({ botId, ...(after === undefined ? {} : lessActiveThan(after)) })
      .sort({ lastMessageAt: -1, _id: 1 })
      .limit(size + 1)
      .lean<ChatDocument[]>();
    const page = found.slice(0, size);
    const last = page.at(-1);
    const more = found.length > size && last !== undefined;
    return create(ListChatsResponseSchema, {
      chats: await Promise.all(page.map(opened)),
      nextPageToken: more ? pageToken({ at: last.lastMessageAt.getTime(), id: last._id }) : "",
    });
  };

  async function opened(document: ChatDocument) {
    const { botId, chatKey, sealedIdentity, sealedLastText, messages, lastMessageAt } = document;
    const identity = await texts.openIdentity({ botId, chatKey }, Buffer.from(sealedIdentity, "base64"));
    const lastText = sealedLastText && (await texts.open({ botId, chatKey }, Buffer.from(sealedLastText, "base64")));
    const { chatId = "", threadId = "", type = "", title = "", username = "" } = identity ?? {};
    return create(ChatSchema, {
      id: threadId === "" ? chatId : `${chatId}:${threadId}`,
      type,
      title,
      username,
      messages,
      lastMessageAtUnixMs: BigInt(lastMessageAt.getTime()),
      lastText: Array.from(lastText ?? "")
        .slice(0, PREVIEW)
        .join(""),
    });
  }
}

function lessActiveThan({ at, id }: z.output<typeof place>) {
  const lastMessageAt = new Date(at);
  return trusted({
    $or: [{ lastMessageAt: trusted({ $lt: lastMessageAt }) }, { lastMessageAt, _id: trusted({ $gt: id }) }],
  });
}
