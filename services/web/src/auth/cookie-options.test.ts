import { describe, expect, it } from "@jest/globals";
import { cookieName, cookieOptions } from "./cookie-options.ts";

describe("a cookie of the console", () => {
  it("is tied to exactly our origin over https", () => {
    expect(cookieName("botfactory", "https://console.test")).toBe("__Host-botfactory");
    expect(cookieOptions("https://console.test")).toEqual({ httpOnly: true, sameSite: "lax", path: "/", secure: true });
  });
  it("has a name browsers take over plain http locally", () => {
    expect(cookieName("botfactory", "http://localhost:8080")).toBe("botfactory");
    expect(cookieOptions("http://localhost:8080")).toMatchObject({ httpOnly: true, sameSite: "lax", secure: false });
  });
});
