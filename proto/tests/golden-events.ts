import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { AccountEventSchema } from "../gen/botfactory/events/v1/account_pb.ts";
import { AllowanceEventSchema } from "../gen/botfactory/events/v1/allowance_pb.ts";
import { ConversationEventSchema } from "../gen/botfactory/events/v1/conversation_pb.ts";
import { QuotaEventSchema } from "../gen/botfactory/events/v1/quota_pb.ts";
import { TelegramBotEventSchema } from "../gen/botfactory/events/v1/telegram_bot_pb.ts";

/** The wrappers whose `oneof event` holds every event of the log. */
export const EVENT_WRAPPERS: readonly DescMessage[] = [
  AccountEventSchema,
  ConversationEventSchema,
  QuotaEventSchema,
  AllowanceEventSchema,
  TelegramBotEventSchema,
];

/** One stored event as bytes, and what those bytes mean. Never edited once released. */
export interface GoldenEvent {
  readonly wrapper: string;
  readonly event: string;
  readonly base64: string;
  readonly json: unknown;
}

/** A golden event of today's contract, every field filled: the bytes must be readable for ever. */
export function goldenEvent(wrapper: DescMessage, field: DescField): GoldenEvent {
  if (field.fieldKind !== "message" || field.oneof === undefined) throw new Error(`${field.name} is not an event`);
  const event = { case: field.localName, value: sample(field.message) };
  const message = create(wrapper, { [field.oneof.localName]: event });
  return {
    wrapper: wrapper.typeName,
    event: field.message.typeName,
    base64: Buffer.from(toBinary(wrapper, message)).toString("base64"),
    json: toJson(wrapper, message),
  };
}

function sample(schema: DescMessage): Message {
  return create(schema, Object.fromEntries(schema.fields.map((field) => [field.localName, sampleOf(field)])));
}

function sampleOf(field: DescField): unknown {
  switch (field.fieldKind) {
    case "message":
      return sample(field.message);
    case "enum":
      return field.enum.values.at(-1)?.number;
    case "scalar":
      return scalarOf(field.scalar, field);
    case "list":
      return [field.listKind === "message" ? sample(field.message) : `${field.name}-1`];
    default:
      throw new Error(`no sample for ${field.name}`);
  }
}

function scalarOf(type: ScalarType, { name, number }: DescField): unknown {
  switch (type) {
    case ScalarType.STRING:
      return `${name} oʻzbekcha ў`;
    case ScalarType.BYTES:
      return new Uint8Array([number, 0, 255]);
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return 1_795_377_806_000n + BigInt(number);
    case ScalarType.BOOL:
      return true;
    default:
      return number;
  }
}
