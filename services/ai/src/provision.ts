import { ensureStream } from "@botfactory/event-store";
import { provision } from "@botfactory/service-kit";
import { QUOTAS_STREAM } from "./ledgers.ts";

await provision("ai", async (nats, replicas) => {
  await ensureStream(nats, { ...QUOTAS_STREAM, replicas });
});
