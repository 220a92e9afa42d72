import { describe, expect, it } from "@jest/globals";
import { decodeJwt } from "jose";
import { serviceIdentity, verifyService } from "./service-identity.ts";

const key = "k".repeat(44);

describe("a service's identity", () => {
  it("is a token of one minute in its name, which others believe", async () => {
    const token = await serviceIdentity({ name: "conversation", key })();
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(60);
    expect(await verifyService(token, key)).toEqual({ kind: "service", name: "conversation" });
  });

  it("is signed once for many calls", async () => {
    const identity = serviceIdentity({ name: "conversation", key });
    const tokens = await Promise.all(Array.from({ length: 50 }, identity));
    expect(new Set(tokens).size).toBe(1);
  });
});
