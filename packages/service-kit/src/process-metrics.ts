import { monitorEventLoopDelay } from "node:perf_hooks";
import { metrics } from "@opentelemetry/api";

const NS_PER_S = 1e9;
const US_PER_S = 1e6;

/** Memory, CPU and event loop of this process, under the names Prometheus boards expect. */
export function observeProcess(): void {
  const meter = metrics.getMeter("@botfactory/service-kit");
  const loop = monitorEventLoopDelay();
  loop.enable();
  meter
    .createObservableGauge("process_resident_memory_bytes", { description: "Resident memory." })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter("process_cpu_seconds", { description: "User and system CPU time." })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / US_PER_S);
    });
  meter
    .createObservableGauge("nodejs_eventloop_lag_p99_seconds", {
      description: "99th percentile since the last scrape.",
    })
    .addCallback((result) => {
      result.observe(loop.percentile(99) / NS_PER_S);
      loop.reset();
    });
}
