import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { type ChannelOptions, Server, ServerCredentials, type UntypedHandleCall } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Access } from "./access.ts";
import { type Answering, type RpcLogger, streaming, unary } from "./answer.ts";
import type { Authenticate } from "./authenticate.ts";
import { toServiceDefinition } from "./definition.ts";
import type { Handlers } from "./handler.ts";
import type { MutualTls } from "./mutual-tls.ts";

/** What is served, to whom, and where. */
export interface ServeOptions<Service extends DescService> {
  readonly service: Service;
  readonly methods: Handlers<Service>;
  readonly access: Access<Service>;
  readonly authenticate: Authenticate;
  readonly logger: RpcLogger;
  /** 0 takes a free port. */
  readonly port: number;
  /** Address to listen on; default all. */
  readonly host?: string;
  /** Only callers with a certificate are let in, and what a token says must fit it; plain connections when left out. */
  readonly tls?: Pick<MutualTls, "server" | "carrierOf"> | undefined;
  /** How long a connection lives, ms; default 5 minutes. */
  readonly connectionAgeMs?: number;
  /** How long calls may go on after that, ms; default 30 s. */
  readonly connectionAgeGraceMs?: number;
}

/** A running gRPC server. */
export interface RpcServer {
  readonly port: number;
  /** Tells health watchers NOT_SERVING, finishes running calls for `graceMs` (default 10 s), then ends the rest. */
  drain(graceMs?: number): Promise<void>;
}

/** Largest message either way, bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * Serves one protobuf-es service with grpc-js, and grpc.health.v1 beside it. Callers are authenticated and checked
 * against `access` before a handler runs. Rejects when the port is taken.
 */
export async function serve<Service extends DescService>(options: ServeOptions<Service>): Promise<RpcServer> {
  const { service, host = "0.0.0.0", tls } = options;
  const server = new Server(channelOptions(options));
  server.addService(toServiceDefinition(service), implementation(options));
  const health = new HealthImplementation({ "": "SERVING", [service.typeName]: "SERVING" });
  health.addToServer(server);
  const port = await listen(server, `${host}:${options.port}`, tls?.server ?? ServerCredentials.createInsecure());
  return {
    port,
    async drain(graceMs = 10_000) {
      for (const name of ["", service.typeName]) health.setStatus(name, "NOT_SERVING");
      await shutDown(server, graceMs);
    },
  };
}

function channelOptions<Service extends DescService>(options: ServeOptions<Service>): ChannelOptions {
  return {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    // grpc-js clients look for new replicas only when a connection ends.
    "grpc.max_connection_age_ms": options.connectionAgeMs ?? 300_000,
    "grpc.max_connection_age_grace_ms": options.connectionAgeGraceMs ?? 30_000,
  };
}

function implementation<Service extends DescService>(
  options: ServeOptions<Service>,
): Record<string, UntypedHandleCall> {
  const { methods, access } = options;
  return Object.fromEntries(
    options.service.methods.map((method) => {
      const name: keyof Service["method"] = method.localName;
      return [method.localName, answerer({ ...options, method, rule: access[name] }, methods[name])];
    }),
  );
}

// `Handlers` has checked each handler against its own method; here, where all are treated alike, that type is gone.
function answerer(answering: Answering, handler: unknown): UntypedHandleCall {
  switch (answering.method.methodKind) {
    case "unary":
      return unary(answering, handler as Parameters<typeof unary>[1]) as UntypedHandleCall;
    case "server_streaming":
      return streaming(answering, handler as Parameters<typeof streaming>[1]) as UntypedHandleCall;
    default:
      throw unsupported(answering.method);
  }
}

function unsupported({ name, methodKind }: DescMethod): Error {
  return new Error(`${name}: ${methodKind} methods are not served`);
}

function listen(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(impatient);
      resolve();
    });
  });
}
