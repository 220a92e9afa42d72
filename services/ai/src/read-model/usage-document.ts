import { DomainError } from "@botfactory/decider";
import { type Connection, type Model, Schema } from "mongoose";

/** What an owner spent on one Pacific day. */
export interface UsageDocument {
  /** `<day>:<ownerId>` */
  readonly _id: string;
  readonly ownerId: string;
  /** Pacific day, YYYY-MM-DD. */
  readonly day: string;
  /** Answers charged: how many keys there are. */
  readonly messages: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What was charged, so that an answer written twice is charged once. */
  readonly chargeKeys: readonly string[];
  readonly sequence: number;
}

const schema = new Schema<UsageDocument>(
  {
    _id: String,
    ownerId: String,
    day: String,
    messages: Number,
    inputTokens: Number,
    outputTokens: Number,
    chargeKeys: [String],
    sequence: Number,
  },
  {
    collection: "usage_daily",
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    strict: "throw",
    strictQuery: "throw",
  },
);

export type UsageModel = Model<UsageDocument>;

export function usageModel(connection: Connection): UsageModel {
  return connection.model<UsageDocument>("Usage", schema);
}

export type Usage = Pick<UsageDocument, "messages" | "inputTokens" | "outputTokens">;
export type FindUsage = (of: { readonly day: string; readonly ownerId: string }) => Promise<Usage>;

export function usageId(day: string, ownerId: string): string {
  return `${day}:${ownerId}`;
}

/** An owner who spent nothing has no document; throws `unavailable` while MongoDB is away. */
export function findUsage(usages: UsageModel): FindUsage {
  return async ({ day, ownerId }) => {
    const query = usages.findById(usageId(day, ownerId), { messages: 1, inputTokens: 1, outputTokens: 1 });
    try {
      return (await query.lean<Usage>().exec()) ?? { messages: 0, inputTokens: 0, outputTokens: 0 };
    } catch (cause) {
      throw new DomainError("unavailable", "unavailable", { cause });
    }
  };
}
