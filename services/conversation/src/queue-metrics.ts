import { metrics } from "@opentelemetry/api";
import type { NatsConnection } from "nats";
import { CONSUMER } from "./nudges.ts";
import { UPDATES } from "./waiting-updates.ts";

/**
 * Shows at /metrics what waits for an answer, all processes together. A process takes what comes at once, whether it has a
 * place for it or not, so under load `held` grows; `waiting` does when no process runs.
 */
export function observeQueue(nats: NatsConnection): void {
  const meter = metrics.getMeter("@botfactory/conversation");
  const [waiting, held] = [
    meter.createObservableGauge("botfactory.conversation.updates.waiting", {
      description: "Updates that no process has taken.",
    }),
    meter.createObservableGauge("botfactory.conversation.updates.held", {
      description:
        "Chats with updates that a process has taken: being answered, or waiting for a place, the quota or a retry.",
    }),
  ];
  meter.addBatchObservableCallback(
    async (result) => {
      if (nats.isClosed()) return;
      const { consumers } = await nats.jetstreamManager({ checkAPI: false, timeout: 2_000 });
      const { num_pending, num_ack_pending } = await consumers.info(UPDATES, CONSUMER);
      result.observe(waiting, num_pending);
      result.observe(held, num_ack_pending);
    },
    [waiting, held],
  );
}
