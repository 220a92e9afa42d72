import { foldInto, openReadModel, type ReadModelPlace, type ReadModelPlan, together } from "@botfactory/event-store";
import { conversationCodec, SNAPSHOTS } from "../chat-log.ts";
import type { ChatEvent } from "../domain/conversation-state.ts";
import { CONVERSATIONS } from "../streams.ts";
import { type ChatModel, chatModel } from "./chat-document.ts";
import { type MessageModel, messageModel } from "./message-document.ts";
import { chatIdsOf, projectChat } from "./project-chat.ts";
import { dayIdsOf, projectDay } from "./project-daily-stats.ts";
import { messageIdsOf, projectMessage } from "./project-message.ts";

/** What conversation keeps in MongoDB; answers to people need none of it. */
export const conversationReadModel: ReadModelPlan<ChatEvent, { chats: ChatModel; messages: MessageModel }> = {
  name: "conversation",
  stream: CONVERSATIONS,
  subject: ">",
  codec: conversationCodec,
  // Three events a turn, of many chats; the console looks every few seconds.
  gatherMs: 250,
  target: (database) =>
    together(
      foldInto({ database, collection: "chats", ids: chatIdsOf, evolve: projectChat }),
      foldInto({ database, collection: "messages", ids: messageIdsOf, evolve: projectMessage }),
      foldInto({ database, collection: "daily_stats", ids: dayIdsOf, evolve: projectDay }),
    ),
  models: (connection) => ({ chats: chatModel(connection), messages: messageModel(connection) }),
  disposable: [SNAPSHOTS],
};

/** The chats and messages and the way to read them, whether MongoDB is there or away. */
export function readModel(place: ReadModelPlace) {
  const { models, ...model } = openReadModel(conversationReadModel, place);
  return { ...model, ...models };
}
