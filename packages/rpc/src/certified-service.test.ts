import { describe, expect, it } from "@jest/globals";
import { certifiedService } from "./certified-service.ts";

describe("a certificate", () => {
  it("names a service by its one URI, among any other names", () => {
    const named = { trustDomain: "botfactory.prod", name: "bots" };
    expect(certifiedService("URI:spiffe://botfactory.prod/botfactory/bots")).toEqual(named);
    expect(certifiedService("DNS:bots-pods, URI:spiffe://botfactory.prod/botfactory/bots, DNS:web")).toEqual(named);
  });

  it.each([
    ["no names", undefined],
    ["only hosts", "DNS:web, DNS:spiffe://a/botfactory/web"],
    ["another product", "URI:spiffe://a/other/web"],
    ["another scheme", "URI:https://a/botfactory/web"],
    ["more than a service", "URI:spiffe://a/botfactory/web/admin"],
    ["no trust domain", "URI:spiffe:///botfactory/web"],
    ["two services", "URI:spiffe://a/botfactory/web, URI:spiffe://a/botfactory/bots"],
    ["a service beside another URI", "URI:spiffe://a/botfactory/web, URI:https://a"],
    ["a service within another name", String.raw`DNS:"a\u002c URI:spiffe://a/botfactory/web\u002c b"`],
  ])("that has %s names none", (_what, names) => expect(certifiedService(names)).toBeUndefined());
});
