import { declareKeyStream } from "@botfactory/encryption";
import { awaitStream } from "@botfactory/event-store";
import { provision } from "@botfactory/service-kit";
import { declareNudges } from "./nudges.ts";
import { declarePresence } from "./presence.ts";
import { declareStreams } from "./streams.ts";
import { UPDATES } from "./waiting-updates.ts";

await provision("conversation", async (nats, replicas) => {
  await declareStreams(nats, replicas);
  await declareKeyStream(nats, replicas);
  await declarePresence(nats, replicas);
  // Ingress declares it, perhaps in this moment.
  await awaitStream(nats, UPDATES);
  await declareNudges(nats);
});
