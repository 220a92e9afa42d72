import { describe, expect, it } from "@jest/globals";
import { decodeJwt, SignJWT } from "jose";
import { serviceIdentity, serviceVerifier } from "./service-identity.ts";

const key = "k".repeat(44);

describe("a service's identity", () => {
  it("is a token of one minute in its name, which others believe", async () => {
    const token = await serviceIdentity({ name: "conversation", key })();
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(60);
    expect(await serviceVerifier(key)(token)).toEqual({ kind: "service", name: "conversation" });
  });

  it("is signed once for many calls", async () => {
    const identity = serviceIdentity({ name: "conversation", key });
    const tokens = await Promise.all(Array.from({ length: 50 }, identity));
    expect(new Set(tokens).size).toBe(1);
  });
});

describe("who checks services' tokens", () => {
  const tokenUntil = (expiresInMs: number) =>
    new SignJWT()
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer("conversation")
      .setAudience("botfactory-services")
      .setIssuedAt(new Date(Date.now() - 60_000 + expiresInMs))
      .setExpirationTime(new Date(Date.now() + expiresInMs))
      .sign(new TextEncoder().encode(key));

  it("believes a token again that was proved before", async () => {
    const verify = serviceVerifier(key);
    const token = await tokenUntil(30_000);
    const first = await verify(token);
    expect(await verify(token)).toBe(first);
  });

  it("does not remember one that has expired, though a clock that is a little off is forgiven", async () => {
    const verify = serviceVerifier(key);
    const token = await tokenUntil(-2_000);
    const first = await verify(token);
    expect(await verify(token)).not.toBe(first);
  });

  it("remembers no refusal as a proof", async () => {
    const verify = serviceVerifier(key);
    const token = await tokenUntil(-60_000);
    await expect(verify(token)).rejects.toThrow();
    await expect(verify(token)).rejects.toThrow();
    await expect(serviceVerifier("x".repeat(44))(await tokenUntil(30_000))).rejects.toThrow();
  });
});
