import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { metrics, NodeSDK } from "@opentelemetry/sdk-node";
import { echoServer, errorOf } from "./support/echo.ts";

const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
const reader = new metrics.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 });
const sdk = new NodeSDK({
  metricReaders: [reader],
  spanProcessors: [],
  instrumentations: [],
  autoDetectResources: false,
});

beforeAll(() => sdk.start());
afterAll(() => sdk.shutdown());

it("every answered call is measured by method and status, without ids", async () => {
  const server = await echoServer();
  await server.web.echo({});
  await errorOf(server.clientOf("ingress").echo({}));
  await server.stop();
  await reader.forceFlush();
  const points = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .filter(({ descriptor }) => descriptor.name === "rpc.server.call.duration")
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes));
  const method = { "rpc.service": "botfactory.rpctest.v1.EchoService", "rpc.method": "Echo" };
  expect(points).toEqual([
    { ...method, "rpc.status": "OK" },
    { ...method, "rpc.status": "PERMISSION_DENIED" },
  ]);
});
