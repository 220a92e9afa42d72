import { DomainError } from "@botfactory/decider";
import { type Connection, type Model, Schema } from "mongoose";

/** What an owner spent on one Pacific day. */
export interface UsageDocument {
  /** `<day>:<ownerId>` */
  readonly _id: string;
  readonly ownerId: string;
  /** Pacific day, YYYY-MM-DD. */
  readonly day: string;
  /** Calls of the model that ended, however they did. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly sequence: number;
}

const schema = new Schema<UsageDocument>(
  {
    _id: String,
    ownerId: String,
    day: String,
    calls: Number,
    inputTokens: Number,
    outputTokens: Number,
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

export type Usage = Pick<UsageDocument, "inputTokens" | "outputTokens">;
export type FindUsage = (of: { readonly day: string; readonly ownerId: string }) => Promise<Usage>;

export function usageId(day: string, ownerId: string): string {
  return `${day}:${ownerId}`;
}

/** An owner who spent nothing has no document; throws `unavailable` while MongoDB is away. */
export function findUsage(usages: UsageModel): FindUsage {
  return async ({ day, ownerId }) => {
    const query = usages.findById(usageId(day, ownerId), { inputTokens: 1, outputTokens: 1 });
    try {
      return (await query.lean<Usage>().exec()) ?? { inputTokens: 0, outputTokens: 0 };
    } catch (cause) {
      throw new DomainError("unavailable", "unavailable", { cause });
    }
  };
}
