import { AckPolicy, DeliverPolicy, type NatsConnection, nanos } from "nats";
import { placeOf } from "./chat-place.ts";
import type { HeldChats } from "./held-chats.ts";
import { UPDATES } from "./waiting-updates.ts";

/** The end of taking nudges. */
export interface Nudges {
  stop(): Promise<void>;
}

const CONSUMER = "conversation";
// Short, so that the chats of a killed worker go on within seconds; what is held is kept by `working()`.
const ACK_WAIT_MS = 5_000;
// Far ahead: a flood in one chat must not hide the others, and its nudges are acknowledged as they come.
const MOST_UNACKNOWLEDGED = 20_000;

/** Takes deliveries of updates as nudges ("this chat has work") from one consumer that all replicas share. */
export async function takeNudges(nats: NatsConnection, chats: HeldChats): Promise<Nudges> {
  await declareConsumer(nats);
  const consumer = await nats.jetstream().consumers.get(UPDATES, CONSUMER);
  const messages = await consumer.consume({ max_messages: 500 });

  const taking = (async () => {
    for await (const nudge of messages) {
      const place = placeOf(nudge.subject);
      if (place === undefined) nudge.term("not an update of a chat");
      else chats.take(place, nudge);
      await chats.room();
    }
  })();

  return {
    async stop() {
      messages.stop();
      await chats.release();
      await taking;
    },
  };
}

async function declareConsumer(nats: NatsConnection): Promise<void> {
  const { consumers } = await nats.jetstreamManager();
  await consumers.add(UPDATES, {
    durable_name: CONSUMER,
    description: "Nudges for the conversation service: a delivery only says that the chat has work",
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MOST_UNACKNOWLEDGED,
    max_deliver: -1,
  });
}
