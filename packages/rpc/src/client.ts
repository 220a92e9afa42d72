import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type ChannelCredentials, Client as GrpcClient, credentials as grpcCredentials } from "@grpc/grpc-js";
import { type Calling, callStreaming, callUnary } from "./calls.ts";
import { channelOptions } from "./channel-options.ts";
import type { MutualTls } from "./mutual-tls.ts";
import { type CallOptions, DEFAULT_DEADLINE_MS } from "./outgoing-call.ts";
import type { ServiceIdentity } from "./service-identity.ts";
import { grpcTarget } from "./target.ts";

/** Where a service is and how it is asked. */
export interface ClientOptions {
  /** `host:port`, `http://host:port`, or a gRPC target such as `dns:///bots-headless:50051`. */
  readonly url: string;
  /** The calling service's identity; needed for every call without `as`. */
  readonly identity?: ServiceIdentity;
  /** Time for a call that names none, ms; default 2,000. */
  readonly deadlineMs?: number;
  /** Shows the caller's certificate and demands the called service's; left out, `https://` alone decides. */
  readonly tls?: Pick<MutualTls, "channel"> | undefined;
}

/** One method as the caller sees it; throws what `fromServiceError` makes of a failure. */
export type ClientMethod<Method extends DescMethod> = Method extends { readonly methodKind: "unary" }
  ? (request: MessageInitShape<Method["input"]>, options?: CallOptions) => Promise<MessageShape<Method["output"]>>
  : Method extends { readonly methodKind: "server_streaming" }
    ? (
        request: MessageInitShape<Method["input"]>,
        options?: CallOptions,
      ) => AsyncIterable<MessageShape<Method["output"]>>
    : never;

/** Every method of a service, and the end of its connections. */
export type Client<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: ClientMethod<Service["method"][Name]>;
} & {
  /** Ends the connections; calls made afterwards fail. */
  close(): void;
};

/**
 * A typed client. Every call has a deadline, carries the trace, is cancelled with the call being handled, and fails with
 * a `DomainError` of the called service. Only idempotent methods are retried, and only when the service was unreachable.
 */
export function client<Service extends DescService>(service: Service, options: ClientOptions): Client<Service> {
  const { url, identity, deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const channel = new GrpcClient(grpcTarget(url), credentialsFor(options), channelOptions(service));
  const methods = service.methods.map((method) => [
    method.localName,
    caller({ method, channel, deadlineMs, ...(identity === undefined ? {} : { identity }) }),
  ]);
  // The descriptor lists exactly the methods its type has; fromEntries cannot express that.
  return { ...Object.fromEntries(methods), close: () => channel.close() } as Client<Service>;
}

function caller(calling: Calling): unknown {
  switch (calling.method.methodKind) {
    case "unary":
      return callUnary(calling);
    case "server_streaming":
      return callStreaming(calling);
    default:
      throw new Error(`${calling.method.name}: ${calling.method.methodKind} methods cannot be called`);
  }
}

function credentialsFor({ url, tls }: ClientOptions): ChannelCredentials {
  return tls?.channel ?? (url.startsWith("https://") ? grpcCredentials.createSsl() : grpcCredentials.createInsecure());
}
