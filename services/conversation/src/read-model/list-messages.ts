import { DomainError } from "@botfactory/decider";
import {
  type ListMessagesRequest,
  ListMessagesResponseSchema,
  MessageSchema,
} from "@botfactory/proto/conversation/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { trusted } from "mongoose";
import { z } from "zod";
import type { ChatPlace } from "../chat-place.ts";
import type { ChatTexts } from "../chat-texts.ts";
import { pageSize, pageStart, pageToken } from "../page.ts";
import type { MessageDocument, MessageModel } from "./message-document.ts";

/** A page of a chat's messages, newest first. Throws chat_not_found where there has never been one. */
export function messageLister({ messages, texts }: { readonly messages: MessageModel; readonly texts: ChatTexts }) {
  return async (place: ChatPlace, { pageSize: asked, pageToken: token }: ListMessagesRequest) => {
    const size = pageSize(asked);
    const before = pageStart(z.int(), token);
    const { botId, chatKey } = place;
    const found = await messages
      .find({ botId, chatKey, ...(before === undefined ? {} : { position: trusted({ $lt: before }) }) })
      .sort({ position: -1 })
      .limit(size + 1)
      .lean<MessageDocument[]>();
    if (found.length === 0 && before === undefined) throw new DomainError("not-found", "chat_not_found");
    const page = found.slice(0, size);
    return create(ListMessagesResponseSchema, {
      messages: await Promise.all(page.map((document) => opened(place, document))),
      nextPageToken: found.length > size ? pageToken(page.at(-1)?.position) : "",
    });
  };

  async function opened(place: ChatPlace, document: MessageDocument) {
    const { _id: id, author, status, problemCode, model, promptVersion, tokens, at, sealedText } = document;
    const text = (await texts.open(place, Buffer.from(sealedText, "base64"))) ?? "";
    const atUnixMs = BigInt(at.getTime());
    return create(MessageSchema, { id, author, text, status, problemCode, atUnixMs, model, promptVersion, tokens });
  }
}
