import { describe, expect, it } from "@jest/globals";
import { hostsOf } from "./http.ts";

const UNREADABLE = "an address that cannot be read";

describe("what is printed of an address", () => {
  it.each([
    [
      "mongodb://mongo-0:27017,mongo-1:27017,mongo-2:27017/bf?replicaSet=rs0",
      "mongo-0:27017, mongo-1:27017, mongo-2:27017",
    ],
    ["mongodb+srv://u:p@cluster.example/bf", "cluster.example"],
    ["mongodb://[::1]:27017", "[::1]:27017"],
    ["nats://one:4222,nats://two:4222?nkey=/keys/bots.nk", "one:4222, two:4222"],
    ["nats://u:p@one:4222, tls://u:p@two:4222", "one:4222, two:4222"],
    ["nats://one:4222,two:4222", "one:4222, two:4222"],
  ])("%s: every host", (address, hosts) => {
    expect(hostsOf(address)).toBe(hosts);
  });

  it.each([
    ["mongodb://u:12,34@one,two", "one, two"],
    ["nats://u:12,34@one:4222", "one:4222"],
    ["mongodb://u:12@34@one", "one"],
    ["mongodb://u:12,mongodb://34@one", UNREADABLE],
    ["mongodb://u:12/34@one/bf", UNREADABLE],
    ["mongodb://u:12@34/56@one", UNREADABLE],
    ["mongodb://u:12?34@one", UNREADABLE],
    ["mongodb://u:12#34@one", UNREADABLE],
    ["nats://", UNREADABLE],
  ])("%s: nothing of its password", (address, hosts) => {
    expect(hostsOf(address)).toBe(hosts);
  });
});
