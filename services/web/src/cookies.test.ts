import { describe, expect, it } from "@jest/globals";
import { cookiesOf } from "./cookies.ts";

const read = (cookie: string) => cookiesOf({ headers: { cookie } });

describe("the cookies of a request", () => {
  it("are read by name, also with = inside", () => expect(read("a=1; b=x=y")).toEqual({ a: "1", b: "x=y" }));
  it("are decoded", () => expect(read("a=%D1%83%7C1")).toEqual({ a: "у|1" }));
  it("stay as they are when they cannot be decoded", () => expect(read("a=%zz")).toEqual({ a: "%zz" }));
  it("count by their first value", () => expect(read("a=1; a=2")).toEqual({ a: "1" }));
  it("are none without the header", () => expect(cookiesOf({ headers: {} })).toEqual({}));
  it("never reach the prototype of objects", () => {
    expect(Object.getPrototypeOf(read("__proto__=1"))).toBe(Object.prototype);
  });
});
