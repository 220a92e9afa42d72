import { createLogger } from "@botfactory/service-kit";
import { rebuildReadModels } from "../../../services/bots/src/rebuild.ts";
import { createBot } from "../../e2e/support/bots.ts";
import { documentsOf } from "../../e2e/support/documents.ts";
import { until } from "../../e2e/support/until.ts";
import type { OwnerCase } from "./bot-cases.ts";
import { killedAt, type Stage } from "./stage.ts";

const COLLECTIONS = ["accounts", "bots"];

/** A bot is made and its projection dies half-way: what it goes on to is what a rebuild from the log gives. */
export const projection: OwnerCase = {
  async facts(stage, point) {
    const lead = () => createBot(stage.stack, stage.maker);
    const dead = await killedAt(stage, { service: "bots", point }, lead);
    await dead.revive();
    await untilTheLogIsRead(stage);
    const live = await documentsOf(stage.database.db(), COLLECTIONS);
    await rebuildReadModels({
      nats: stage.log.nats,
      mongodbUrl: stage.stack.databaseUrl,
      logger: createLogger("rebuild", "warn"),
    });
    const rebuilt = await documentsOf(stage.database.db(), COLLECTIONS);
    return { hasDocuments: Object.values(live).every((found) => found.length > 0), isEqual: same(live, rebuilt) };
  },
  expected: { hasDocuments: true, isEqual: true },
};

async function untilTheLogIsRead({ log, database }: Stage): Promise<void> {
  const { streams } = await log.nats.jetstreamManager();
  const { seq: end } = await streams.getMessage("ACCOUNTS", { last_by_subj: "accounts.*" });
  const checkpoints = database.db().collection<{ _id: string; sequence: number }>("checkpoints");
  await until("the documents followed the log", async () => {
    const checkpoint = await checkpoints.findOne({ _id: "bots" });
    return checkpoint !== null && checkpoint.sequence >= end;
  });
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
