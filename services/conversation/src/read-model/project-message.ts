import type { Recorded } from "@botfactory/event-store";
import { Author, MessageStatus } from "@botfactory/proto/conversation/v1/conversation";
import { ReplyKind } from "@botfactory/proto/events/v1/conversation";
import { placeOf } from "../chat-place.ts";
import type { ChatEvent } from "../domain/conversation-state.ts";
import type { MessageDocument } from "./message-document.ts";

export type ProjectedMessage = Omit<MessageDocument, "_id" | "sequence">;

const wordsId = (turnId: string) => `${turnId}.words`;
const replyId = (turnId: string) => `${turnId}.reply`;

/** A turn makes two messages, the person's words and the reply; how it ends is told of whichever there is. */
export function messageIdsOf({ event, id }: Recorded<ChatEvent>): readonly string[] {
  switch (event.case) {
    case "turnStarted":
      return [wordsId(event.value.turnId)];
    case "replyDrafted":
    case "replySent":
    case "turnRefused":
    case "replyUndeliverable":
      return [replyId(event.value.turnId)];
    case "turnQuarantined":
      return [wordsId(event.value.turnId), replyId(event.value.turnId)];
    case "testMessageSent":
      return [id];
    default:
      return [];
  }
}

export function projectMessage(
  message: ProjectedMessage | undefined,
  recorded: Recorded<ChatEvent>,
): ProjectedMessage | undefined {
  const { event } = recorded;
  switch (event.case) {
    case "turnStarted":
      return newMessage(recorded, {
        author: Author.USER,
        status: MessageStatus.RECEIVED,
        sealed: event.value.sealedText,
      });
    case "testMessageSent":
      return newMessage(recorded, { author: Author.OWNER, status: MessageStatus.SENT, sealed: event.value.sealedText });
    case "replyDrafted": {
      const { kind, refusalCode, sealedText, model, promptVersion, inputTokens, outputTokens } = event.value;
      const status = kind === ReplyKind.REFUSAL ? MessageStatus.REFUSED : MessageStatus.DRAFTED;
      const drafted = newMessage(recorded, { author: Author.BOT, status, sealed: sealedText });
      return { ...drafted, problemCode: refusalCode, model, promptVersion, tokens: inputTokens + outputTokens };
    }
    default:
      return message && ended(message, event);
  }
}

function ended(message: ProjectedMessage, event: ChatEvent): ProjectedMessage {
  switch (event.case) {
    case "replySent":
      return { ...message, status: MessageStatus.SENT };
    case "replyUndeliverable":
      return { ...message, status: MessageStatus.UNDELIVERABLE, problemCode: event.value.code };
    case "turnQuarantined":
      return { ...message, status: MessageStatus.QUARANTINED, problemCode: event.value.code };
    default:
      return message;
  }
}

interface Made {
  readonly author: Author;
  readonly status: MessageStatus;
  readonly sealed: Uint8Array;
}

function newMessage(
  { subject, sequence, time }: Recorded<ChatEvent>,
  { author, status, sealed }: Made,
): ProjectedMessage {
  const { botId = "", chatKey = "" } = placeOf(subject) ?? {};
  const nothing = { problemCode: "", model: "", promptVersion: 0, tokens: 0 };
  return { botId, chatKey, position: sequence, author, status, sealedText: base64(sealed), at: time, ...nothing };
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
