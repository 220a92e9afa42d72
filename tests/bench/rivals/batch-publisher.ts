/** The ceiling of what a model call costs the log: two messages as one atomic batch, so many at once for so long. */
import { randomUUID } from "node:crypto";
import { connect, headers } from "nats";
import { answerRuns } from "./runs.ts";
import { setting } from "./settings.ts";

const nats = await connect({ servers: setting("NATS_URL"), noAsyncTraces: true });
const body = Buffer.alloc(200, "x");

answerRuns(async () => {
  const id = randomUUID();
  nats.publish("bench.first", body, { headers: partOf(id, 1) });
  const last = partOf(id, 2);
  last.set("Nats-Batch-Commit", "1");
  const answer = await nats.request("bench.second", body, { headers: last, timeout: 10_000 });
  const { error } = answer.json<{ error?: { description: string } }>();
  if (error !== undefined) throw new Error(error.description);
});

function partOf(id: string, sequence: number) {
  const all = headers();
  all.set("Nats-Batch-Id", id);
  all.set("Nats-Batch-Sequence", `${sequence}`);
  return all;
}
