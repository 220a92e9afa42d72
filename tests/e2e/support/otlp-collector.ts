import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span as OTLP's JSON has it, with the service that sent it. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  /** As the protocol numbers them: 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}

interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Attribute[] };
  readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, "service">[] }[];
}

export type OtlpCollector = Awaited<ReturnType<typeof startOtlpCollector>>;

/** Takes traces over OTLP/HTTP as a collector does, and keeps every byte. */
export async function startOtlpCollector() {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await buffer(request));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    /** What a service needs in its environment to send its spans here, and soon. */
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_BSP_SCHEDULE_DELAY: "100",
    },
    bytes: () => Buffer.concat(bodies),
    spans: () => spansIn(bodies.map(String)),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The spans in messages of OTLP's JSON. */
export function spansIn(messages: readonly string[]): readonly CollectedSpan[] {
  return messages
    .flatMap((message): readonly ResourceSpans[] => JSON.parse(message).resourceSpans)
    .flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service: serviceOf(resource) }))),
    );
}

function serviceOf({ attributes }: ResourceSpans["resource"]): string {
  return String(attributes.find(({ key }) => key === "service.name")?.value["stringValue"]);
}
