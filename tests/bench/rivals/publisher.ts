/** The ceiling of JetStream: publishes with acknowledgement, so many at once for so long, as stdin asks. */
import { connect } from "nats";
import { answerRuns } from "./runs.ts";
import { setting } from "./settings.ts";

const nats = await connect({ servers: setting("NATS_URL") });
const js = nats.jetstream();
const body = Buffer.alloc(400, "x");
let id = Date.now();

answerRuns(async () => {
  id += 1;
  await js.publish("bench.updates", body, { msgID: `raw:${id}` });
});
