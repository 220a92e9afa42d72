import { describe, expect, it } from "@jest/globals";
import { sealWith } from "./seal.ts";

describe("tokens in the session store", () => {
  const seal = sealWith("a secret of at least 32 characters");
  it("come back as they were", async () => {
    expect(await seal.open(await seal.seal("tokens"))).toBe("tokens");
  });
  it("cannot be read there", async () => {
    expect(await seal.seal("tokens")).not.toContain(Buffer.from("tokens").toString("base64url"));
  });
  it("are gone when the secret has changed", async () => {
    expect(await sealWith("another secret of 32 characters..").open(await seal.seal("tokens"))).toBeUndefined();
  });
  it("are gone when somebody wrote something else there", async () => {
    expect(await seal.open("nonsense")).toBeUndefined();
  });
});
