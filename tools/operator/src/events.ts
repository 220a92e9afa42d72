import { completeStream, type StreamMessage } from "@botfactory/event-store";
import { AccountEventSchema } from "@botfactory/proto/events/v1/account";
import { AllowanceEventSchema } from "@botfactory/proto/events/v1/allowance";
import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { type DescMessage, fromBinary, toJson } from "@bufbuild/protobuf";
import { connectForCommand } from "./connect-for-command.ts";

const SCHEMAS: Readonly<Record<string, DescMessage>> = {
  accounts: AccountEventSchema,
  "telegram-bots": TelegramBotEventSchema,
  conversations: ConversationEventSchema,
  quotas: QuotaEventSchema,
  allowances: AllowanceEventSchema,
};

/**
 * `botfactory events`: prints the event log as JSON, oldest first, one event a line. Sealed fields stay sealed.
 * @throws LogUnavailable when not all of it could be read: what was printed is then not the whole log.
 */
export async function printEvents(natsUrl: string, say: (line: string) => void): Promise<void> {
  const nats = await connectForCommand({ url: natsUrl, name: "events", user: "audit" });
  try {
    for (const stream of ["ACCOUNTS", "CONVERSATIONS", "QUOTAS"]) {
      for await (const message of completeStream(nats, stream)) say(JSON.stringify(asJson(message)));
    }
  } finally {
    await nats.close();
  }
}

function asJson({ subject, data, headers, sequence }: StreamMessage) {
  const schema = SCHEMAS[subject.split(".")[0] ?? ""];
  return {
    sequence,
    subject,
    type: headers?.get("ce-type"),
    time: headers?.get("ce-time"),
    id: headers?.get("ce-id"),
    data: schema ? toJson(schema, fromBinary(schema, data)) : undefined,
  };
}
