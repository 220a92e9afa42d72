import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { returnPath } from "./return-path.ts";

describe("after signing in a person", () => {
  it.each(["/", "/bots", "/telegram/setup/abc?tab=1", "/bots/новый"])("goes on to %s", (path) => {
    expect(new URL(returnPath(path), "http://console.test").href).toBe(new URL(path, "http://console.test").href);
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/bots/..//evil.example",
    "javascript:alert(1)",
    " /bots",
    "bots",
    "",
    undefined,
    ["/bots", "/other"],
  ])("is sent home instead of to %j", (path) => {
    expect(returnPath(path)).toBe("/");
  });

  it.each(["/login", "/logout?x=1", "/callback", "/api/v1/me"])("is sent home instead of to %s", (path) => {
    expect(returnPath(path)).toBe("/");
  });

  it("never leaves the console, whatever the address says", () => {
    const tricky = fc.array(fc.constantFrom("/", "\\", ".", "\t", "@", ":", "evil.example", "%2f", "?", "#", "bots"));
    fc.assert(
      fc.property(tricky, (parts) => {
        const { origin } = new URL(returnPath(`/${parts.join("")}`), "https://console.test");
        expect(origin).toBe("https://console.test");
      }),
      { numRuns: 2_000 },
    );
  });
});
