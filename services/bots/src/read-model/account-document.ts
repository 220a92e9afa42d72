import type { Plan } from "@botfactory/proto/events/v1/account";
import { type Connection, type Model, Schema } from "mongoose";

/** An owner's account in MongoDB, for operators and for counting. */
export interface AccountDocument {
  readonly _id: string;
  readonly plan: Plan;
  readonly bots: number;
  readonly openedAt: Date;
  readonly sequence: number;
}

const schema = new Schema<AccountDocument>(
  { _id: String, plan: Number, bots: Number, openedAt: Date, sequence: Number },
  {
    collection: "accounts",
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    strict: "throw",
    strictQuery: "throw",
  },
);

export type AccountModel = Model<AccountDocument>;

export function accountModel(connection: Connection): AccountModel {
  return connection.model<AccountDocument>("Account", schema);
}
