import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { nkeys } from "nats";
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

  it.each(["ws://one:80", "wss://one", "nats://one:4222,wss://two", "one:4222"])(
    "%s is refused instead of being asked over plain TCP",
    async (url) => {
      await expect(connectionOptions(url)).rejects.toThrow("NATS_URL must be nats:// or tls:// addresses");
    },
  );

  it("may name a file with an NKey's seed, which ends with a line feed as files do", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "nkey-")), "bots.nk");
    const pair = nkeys.createUser();
    await writeFile(file, `${Buffer.from(pair.getSeed()).toString()}\n`);
    const { authenticator } = await connectionOptions(`nats://one:4222?nkey=${file}`);
    const [sign] = [authenticator].flat();
    const answer = sign?.("nonce") as { nkey: string; sig: string };
    expect(answer.nkey).toBe(pair.getPublicKey());
    expect(pair.verify(Buffer.from("nonce"), Buffer.from(answer.sig, "base64url"))).toBe(true);
  });

  it("may name a credentials file", async () => {
    await expect(connectionOptions("nats://one:4222?creds=/does/not/exist")).rejects.toThrow("ENOENT");
  });
});
