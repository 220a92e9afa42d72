import { type Connection, type Model, Schema } from "mongoose";

/** A chat of a bot; what people wrote stays sealed (base64), so that destroying the chat's key forgets it here too. */
export interface ChatDocument {
  /** `<botId>.<chatKey>`. */
  readonly _id: string;
  readonly botId: string;
  readonly chatKey: string;
  readonly sealedIdentity: string;
  readonly sealedLastText: string;
  readonly messages: number;
  readonly lastMessageAt: Date;
  readonly sequence: number;
}

const schema = new Schema<ChatDocument>(
  {
    _id: String,
    botId: String,
    chatKey: String,
    sealedIdentity: String,
    sealedLastText: String,
    messages: Number,
    lastMessageAt: Date,
    sequence: Number,
  },
  {
    collection: "chats",
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    strict: "throw",
    strictQuery: "throw",
  },
);
schema.index({ botId: 1, lastMessageAt: -1, _id: 1 });

export type ChatModel = Model<ChatDocument>;

export function chatModel(connection: Connection): ChatModel {
  return connection.model<ChatDocument>("Chat", schema);
}
