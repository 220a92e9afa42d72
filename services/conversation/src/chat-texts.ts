import { chatKeySubject, type KeyRing, open, openText, seal, sealText } from "@botfactory/encryption";
import { type ChatIdentity, ChatIdentitySchema } from "@botfactory/proto/events/v1/conversation";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";

/** Seals and opens what people wrote in one chat; a chat whose key was destroyed opens as nothing. */
export interface ChatTexts {
  seal(place: ChatPlace, text: string): Promise<Uint8Array>;
  open(place: ChatPlace, sealed: Uint8Array): Promise<string | undefined>;
  sealIdentity(place: ChatPlace, identity: MessageInitShape<typeof ChatIdentitySchema>): Promise<Uint8Array>;
  openIdentity(place: ChatPlace, sealed: Uint8Array): Promise<ChatIdentity | undefined>;
}

export function chatTexts(keys: KeyRing): ChatTexts {
  const keyOf = ({ botId, chatKey }: ChatPlace) => keys.get(chatKeySubject(botId, chatKey));
  const newKeyOf = ({ botId, chatKey }: ChatPlace) => keys.getOrCreate(chatKeySubject(botId, chatKey));
  return {
    seal: async (place, text) => sealText(await newKeyOf(place), text, conversationSubject(place)),
    open: async (place, sealed) => {
      const key = await keyOf(place);
      return key === undefined ? undefined : openText(key, sealed, conversationSubject(place));
    },
    sealIdentity: async (place, identity) => {
      const bytes = toBinary(ChatIdentitySchema, create(ChatIdentitySchema, identity));
      return seal(await newKeyOf(place), bytes, conversationSubject(place));
    },
    openIdentity: async (place, sealed) => {
      const key = await keyOf(place);
      if (key === undefined) return undefined;
      return fromBinary(ChatIdentitySchema, open(key, sealed, conversationSubject(place)));
    },
  };
}
