import { describe, expect, it } from "@jest/globals";
import { EchoService } from "../tests/proto/gen/echo_pb.ts";
import { channelOptions, serviceConfig } from "./channel-options.ts";
import { grpcTarget } from "./target.ts";

describe("the service config of a client", () => {
  it("retries the methods marked idempotent, only those, and only when the service was unreachable", () => {
    expect(serviceConfig(EchoService)).toMatchObject({
      methodConfig: [
        {
          name: [{ service: "botfactory.rpctest.v1.EchoService", method: "EchoAgain" }],
          retryPolicy: { retryableStatusCodes: ["UNAVAILABLE"] },
        },
      ],
    });
  });

  it("uses all replicas in turn and ignores what DNS says about it", () => {
    expect(serviceConfig(EchoService)).toMatchObject({ loadBalancingConfig: [{ round_robin: {} }] });
    expect(channelOptions(EchoService)).toMatchObject({ "grpc.service_config_disable_resolution": 1 });
  });
});

describe("an address", () => {
  it.each([
    ["bots:50051", "dns:///bots:50051"],
    ["http://bots:50051", "dns:///bots:50051"],
    ["http://127.0.0.1:50051/", "dns:///127.0.0.1:50051"],
    ["https://bots.example.org:443", "dns:///bots.example.org:443"],
    ["dns:///bots-headless:50051", "dns:///bots-headless:50051"],
    ["dns:bots:50051", "dns:bots:50051"],
    ["unix:/run/bots.sock", "unix:/run/bots.sock"],
    ["[::1]:50051", "dns:///[::1]:50051"],
  ])("%s is dialled as %s", (url, target) => {
    expect(grpcTarget(url)).toBe(target);
  });
});
