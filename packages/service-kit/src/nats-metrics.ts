import { metrics } from "@opentelemetry/api";
import type { NatsServer } from "./nats-server.ts";

/**
 * Shows how the servers that answered last keep the log: whether they sync every write, and how full their stores are.
 * `told` is what is known of servers nobody asks.
 */
export function showNatsServers(servers: ReadonlyMap<string, NatsServer>, told?: string): void {
  const meter = metrics.getMeter("@botfactory/service-kit");
  meter
    .createObservableGauge("nats_sync_always", {
      description: "1: NATS syncs every write before it acknowledges. 0: it does not, or nobody has looked.",
    })
    .addCallback((result) => {
      if (told !== undefined) result.observe(told === "stated" ? 1 : 0, { server: "", known_by: told });
      for (const [server, { sync }] of servers) {
        result.observe(sync === "synced" ? 1 : 0, { server, known_by: "monitoring" });
      }
    });
  meter
    .createObservableGauge("botfactory.log.store.bytes", {
      description: "What all streams of a NATS server take on its disk.",
    })
    .addCallback((result) => {
      for (const [server, { store }] of servers) if (store !== undefined) result.observe(store.bytes, { server });
    });
  meter
    .createObservableGauge("botfactory.log.store.limit.bytes", {
      description: "What they may take: a NATS server refuses writes beyond it.",
    })
    .addCallback((result) => {
      for (const [server, { store }] of servers) if (store !== undefined) result.observe(store.limitBytes, { server });
    });
}
