import type { DescMethod } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";
import { type Histogram, metrics } from "@opentelemetry/api";

let duration: Histogram | undefined;

/** Records one answered call under OpenTelemetry's name for it; no ids, so that the number of series stays small. */
export function recordCall(method: DescMethod, code: status, startedAt: number): void {
  // Made at the first call: a meter taken before telemetry has started would stay silent for ever.
  duration ??= metrics.getMeter("@botfactory/rpc").createHistogram("rpc.server.call.duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  duration.record(seconds, {
    "rpc.service": method.parent.typeName,
    "rpc.method": method.name,
    "rpc.status": status[code],
  });
}
