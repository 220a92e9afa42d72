import type { DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { ChannelOptions } from "@grpc/grpc-js";
import { MAX_MESSAGE_BYTES } from "./server.ts";

/** How a client's channel behaves: all replicas in turn, dead peers noticed, idempotent methods retried. */
export function channelOptions(service: DescService): ChannelOptions {
  return {
    "grpc.service_config": JSON.stringify(serviceConfig(service)),
    // DNS TXT records must not change our retry policy.
    "grpc.service_config_disable_resolution": 1,
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    // A replica that died without a word is noticed within 15 s.
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 2_000,
    "grpc.dns_min_time_between_resolutions_ms": 2_000,
  };
}

/** The gRPC service config: round_robin, and retries of UNAVAILABLE for methods the proto marks idempotent. */
export function serviceConfig(service: DescService): object {
  const name = service.methods
    .filter(({ idempotency }) => idempotency !== Idempotency.IDEMPOTENCY_UNKNOWN)
    .map((method) => ({ service: service.typeName, method: method.name }));
  const retryPolicy = {
    maxAttempts: 4,
    initialBackoff: "0.1s",
    maxBackoff: "1s",
    backoffMultiplier: 2,
    retryableStatusCodes: ["UNAVAILABLE"],
  };
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: name.length === 0 ? [] : [{ name, retryPolicy }],
    // Retries stop while more than half of the calls fail, so that they cannot keep a struggling peer down.
    retryThrottling: { maxTokens: 10, tokenRatio: 0.5 },
  };
}
