import { declareKeyStream } from "@botfactory/encryption";
import { ensureStream } from "@botfactory/event-store";
import { provision } from "@botfactory/service-kit";
import { ACCOUNTS_STREAM } from "./accounts.ts";
import { declareWebhookTable } from "./webhook-table.ts";

await provision("bots", async (nats, replicas) => {
  await ensureStream(nats, { ...ACCOUNTS_STREAM, replicas });
  await declareKeyStream(nats, replicas);
  await declareWebhookTable(nats, replicas);
});
