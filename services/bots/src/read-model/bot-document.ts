import type { DeliveryMode, Language, PauseReason } from "@botfactory/proto/events/v1/account";
import { type Connection, type Model, Schema } from "mongoose";

/** A bot in MongoDB, without anything secret. Enumerations are stored as the protobuf's numbers. */
export interface BotDocument {
  readonly _id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly description: string;
  readonly language: Language;
  readonly systemPrompt: string;
  readonly promptVersion: number;
  readonly telegramBotId: string;
  readonly telegramUsername: string;
  readonly tokenLast4: string;
  readonly tokenRevoked: boolean;
  readonly pausedBy?: PauseReason | undefined;
  readonly webhook?: { readonly url: string; readonly mode: DeliveryMode } | undefined;
  readonly createdAt: Date;
  /** Sequence in ACCOUNTS of the last fact about the bot. */
  readonly sequence: number;
}

const schema = new Schema<BotDocument>(
  {
    _id: String,
    ownerId: { type: String, required: true },
    name: String,
    description: String,
    language: Number,
    systemPrompt: String,
    promptVersion: Number,
    telegramBotId: String,
    telegramUsername: String,
    tokenLast4: String,
    tokenRevoked: Boolean,
    pausedBy: Number,
    webhook: { type: new Schema({ url: String, mode: Number }, { _id: false }), required: false },
    createdAt: Date,
    sequence: Number,
  },
  { collection: "bots", versionKey: false, autoIndex: false, autoCreate: false, strict: "throw", strictQuery: "throw" },
);
schema.index({ ownerId: 1, createdAt: 1, _id: 1 });

export type BotModel = Model<BotDocument>;

export function botModel(connection: Connection): BotModel {
  return connection.model<BotDocument>("Bot", schema);
}
