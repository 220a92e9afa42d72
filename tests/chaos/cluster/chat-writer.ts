import { streamReader } from "@botfactory/event-store";
import { connect, type NatsConnection } from "nats";
import { chatLog, conversationCodec } from "../../../services/conversation/src/chat-log.ts";
import type { Writer } from "./writer.ts";

/** Appends facts to one chat as conversation does, two writers against each other; each attempt bears a name of its own. */
export async function chatWriter(natsUrl: string, subject: string, name: string): Promise<Writer> {
  const nats = await connect({ servers: natsUrl.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const chats = chatLog(nats);
  const acknowledged: string[] = [];
  let attempts = 0;

  return {
    acknowledged,
    async write(stopping) {
      while (!stopping.aborted) {
        const messageId = `${name}-${++attempts}`;
        const command = { type: "RecordTestMessage" as const, messageId, sealedText: new Uint8Array(200) };
        // Without an answer it may be stored or not; the next attempt has another name.
        const isStored = await chats.handle(subject, command).then(
          () => true,
          () => false,
        );
        if (isStored) acknowledged.push(messageId);
      }
    },
    stored: () => storedBy(nats, subject, name),
    close: () => nats.close(),
  };
}

/** Read as a projection reads, however long the chat has become. */
async function storedBy(nats: NatsConnection, subject: string, name: string): Promise<readonly string[]> {
  const reader = streamReader(nats, { stream: "CONVERSATIONS", subject, after: 0 });
  const names: string[] = [];
  while (!(await reader.state()).isAtEnd) {
    for (const { data } of (await reader.next({ max: 1_000 })).messages) {
      const event = conversationCodec.decode(data);
      if (event.case === "testMessageSent") names.push(event.value.messageId);
    }
  }
  reader.close();
  return names.filter((stored) => stored.startsWith(`${name}-`));
}
