import type { Author, MessageStatus } from "@botfactory/proto/conversation/v1/conversation";
import { type Connection, type Model, Schema } from "mongoose";

/** One message of a chat; enumerations are stored as the protobuf's numbers, the text stays sealed (base64). */
export interface MessageDocument {
  readonly _id: string;
  readonly botId: string;
  readonly chatKey: string;
  /** Sequence of the event that made it: the order in the chat. */
  readonly position: number;
  readonly author: Author;
  readonly sealedText: string;
  readonly status: MessageStatus;
  readonly problemCode: string;
  readonly at: Date;
  readonly model: string;
  readonly promptVersion: number;
  readonly tokens: number;
  readonly sequence: number;
}

const schema = new Schema<MessageDocument>(
  {
    _id: String,
    botId: String,
    chatKey: String,
    position: Number,
    author: Number,
    sealedText: String,
    status: Number,
    problemCode: String,
    at: Date,
    model: String,
    promptVersion: Number,
    tokens: Number,
    sequence: Number,
  },
  {
    collection: "messages",
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    strict: "throw",
    strictQuery: "throw",
  },
);
schema.index({ botId: 1, chatKey: 1, position: -1 });

export type MessageModel = Model<MessageDocument>;

export function messageModel(connection: Connection): MessageModel {
  return connection.model<MessageDocument>("Message", schema);
}
