import { type ConversationEvent, ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { fromBinary } from "@bufbuild/protobuf";
import { connect, type JsMsg, type NatsConnection } from "nats";
import { until } from "./until.ts";

export type ChatFact = Exclude<ConversationEvent["event"], { case: undefined }>;

export type EventLog = Awaited<ReturnType<typeof openEventLog>>;

/** The stack's log as a witness reads it: what happened in the chats, and whether work is left. */
export async function openEventLog(natsUrl: string) {
  const nats = await connect({ servers: natsUrl, maxReconnectAttempts: -1 });
  return {
    nats,
    close: () => nats.close(),

    /** Everything that happened in a bot's chats so far, in order. */
    chatFacts: (botId: string) => read(nats, `conversations.${botId}.>`, ({ info }) => info.pending === 0),

    /** All facts up to the first that is asked for, as soon as it is stored. */
    untilFact: (botId: string, name: ChatFact["case"]) =>
      read(nats, `conversations.${botId}.>`, (message) => factOf(message).case === name),

    /** How many updates of a bot the log holds. */
    async updates(botId: string): Promise<number> {
      const { streams } = await nats.jetstreamManager();
      const { state } = await streams.info("UPDATES", { subjects_filter: `updates.${botId}.>` });
      return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
    },

    /** Resolves when every update was worked on: whatever a message could lead to has happened. */
    async untilNothingIsLeft(withinMs?: number): Promise<void> {
      const { consumers } = await nats.jetstreamManager();
      const isIdle = async () => {
        const { num_pending: waiting, num_ack_pending: held } = await consumers.info("UPDATES", "conversation");
        return waiting + held === 0;
      };
      await until("every update was worked on", isIdle, withinMs);
    },

    /** Resolves when the end of every model call is in the log: it comes a moment after the reply. */
    untilCallsHaveEnded: () => until("every model call has its end", async () => (await openCalls(nats)) === 0),
  };
}

async function openCalls(nats: NatsConnection): Promise<number> {
  const { streams } = await nats.jetstreamManager();
  const { state } = await streams.info("QUOTAS");
  let open = 0;
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const { subject, data } = await streams.getMessage("QUOTAS", { seq });
    if (!subject.startsWith("quotas.")) continue;
    const { event } = fromBinary(QuotaEventSchema, data);
    if (event.case === "callsReserved") open += event.value.reservations.length;
    if (event.case === "callSettled") open -= 1;
  }
  return open;
}

async function read(nats: NatsConnection, subject: string, isLast: (message: JsMsg) => boolean): Promise<ChatFact[]> {
  const consumer = await nats.jetstream().consumers.get("CONVERSATIONS", { filterSubjects: subject });
  const messages = await consumer.consume();
  const late = setTimeout(() => messages.stop(new Error(`no such event of ${subject} within 20 s`)), 20_000);
  const facts: ChatFact[] = [];
  try {
    for await (const message of messages) {
      facts.push(factOf(message));
      if (isLast(message)) return facts;
    }
    throw new Error(`the reading of ${subject} ended too early`);
  } finally {
    clearTimeout(late);
    messages.stop();
  }
}

function factOf({ data }: JsMsg): ChatFact {
  const { event } = fromBinary(ConversationEventSchema, data);
  if (event.case === undefined) throw new Error("an event of a kind this test does not know");
  return event;
}
