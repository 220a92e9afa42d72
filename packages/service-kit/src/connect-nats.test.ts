import { describe, expect, it } from "@jest/globals";
import { connectionOptions } from "./connect-nats.ts";

describe("a NATS_URL", () => {
  it.each([
    ["nats://one:4222", { servers: ["one:4222"] }],
    ["nats://one:4222,nats://two:4222", { servers: ["one:4222", "two:4222"] }],
    ["tls://one:4222", { servers: ["one:4222"], tls: {} }],
    ["nats://ada:p%40ss@one:4222", { servers: ["one:4222"], user: "ada", pass: "p@ss" }],
    ["nats://s3cret@one:4222", { servers: ["one:4222"], token: "s3cret" }],
  ])("%s is read whole", async (url, options) => {
    expect(await connectionOptions(url)).toEqual(options);
  });

  it("may name a credentials file", async () => {
    await expect(connectionOptions("nats://one:4222?creds=/does/not/exist")).rejects.toThrow("ENOENT");
  });
});
