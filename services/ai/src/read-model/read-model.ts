import { foldInto, openReadModel, type ReadModelPlace, type ReadModelPlan } from "@botfactory/event-store";
import type { QuotaFact } from "../domain/ledger.ts";
import { QUOTAS_STREAM, quotaCodec } from "../ledgers.ts";
import { projectUsage, usageIdsOf } from "./project-usage.ts";
import { findUsage, type UsageModel, usageModel } from "./usage-document.ts";

/** What ai keeps in MongoDB; only GetUsage needs it. */
export const usageReadModel: ReadModelPlan<QuotaFact, UsageModel> = {
  name: "ai",
  stream: QUOTAS_STREAM.name,
  subject: "quotas.*.*",
  codec: quotaCodec,
  gatherMs: 250,
  target: (database) => foldInto({ database, collection: "usage_daily", ids: usageIdsOf, evolve: projectUsage }),
  models: usageModel,
};

/** The usage and the way to read it, whether MongoDB is there or away. */
export function readModel(place: ReadModelPlace) {
  const { models: usage, ...model } = openReadModel(usageReadModel, place);
  return { ...model, findUsage: findUsage(usage) };
}
