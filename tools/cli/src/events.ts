import { AccountEventSchema } from "@botfactory/proto/events/v1/account";
import { AllowanceEventSchema } from "@botfactory/proto/events/v1/allowance";
import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { type DescMessage, fromBinary, toJson } from "@bufbuild/protobuf";
import { connect, type JsMsg } from "nats";

const SCHEMAS: Readonly<Record<string, DescMessage>> = {
  accounts: AccountEventSchema,
  "telegram-bots": TelegramBotEventSchema,
  conversations: ConversationEventSchema,
  quotas: QuotaEventSchema,
  allowances: AllowanceEventSchema,
};

/** `make events`: prints the event log, oldest first, one JSON object a line. Sealed fields stay sealed. */
export async function printEvents(natsUrl: string, out: NodeJS.WritableStream): Promise<void> {
  const nats = await connect({ servers: natsUrl, name: "botfactory-events" });
  try {
    for (const stream of ["ACCOUNTS", "CONVERSATIONS", "QUOTAS"]) {
      const consumer = await nats.jetstream().consumers.get(stream);
      let pending = (await consumer.info(true)).num_pending;
      while (pending > 0) {
        const messages = await consumer.fetch({ max_messages: Math.min(pending, 500) });
        for await (const message of messages) {
          out.write(`${JSON.stringify(asJson(message))}\n`);
          pending = message.info.pending;
        }
      }
    }
  } finally {
    await nats.close();
  }
}

function asJson(message: JsMsg) {
  const { subject, data, headers, seq } = message;
  const schema = SCHEMAS[subject.split(".")[0] ?? ""];
  return {
    sequence: seq,
    subject,
    type: headers?.get("ce-type"),
    time: headers?.get("ce-time"),
    id: headers?.get("ce-id"),
    data: schema ? toJson(schema, fromBinary(schema, data)) : undefined,
  };
}
