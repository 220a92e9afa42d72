import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { base32, chatKey } from "./chat-key.ts";
import { botKeySubject, chatKeySubject } from "./key-subjects.ts";

describe("a chat's key", () => {
  it("is the same for the same chat, thread and secret, and another otherwise", () => {
    const keys = [
      chatKey("secret", "42"),
      chatKey("secret", "42", "7"),
      chatKey("secret", "427"),
      chatKey("other", "42"),
      chatKey("secret", "-42"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(chatKey("secret", "42")).toBe(keys[0]);
    expect(chatKey(Buffer.from("secret"), "42", "7")).toBe(keys[1]);
  });

  it("is 26 characters that are one token of a subject, whatever the id holds", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (id) => {
        expect(chatKey("secret", id)).toMatch(/^[a-z2-7]{26}$/);
        expect(() => chatKeySubject("b1", chatKey("secret", id))).not.toThrow();
      }),
    ));

  it("does not change over releases, because it is part of subjects for ever", () =>
    expect(chatKey("secret", "42")).toBe("spasdz5kin5b4apdyujmn4gohs"));
});

describe("base32", () => {
  // The test vectors of RFC 4648, section 10, lower case and without padding.
  it.each([
    ["f", "my"],
    ["fo", "mzxq"],
    ["foo", "mzxw6"],
    ["foob", "mzxw6yq"],
    ["fooba", "mzxw6ytb"],
    ["foobar", "mzxw6ytboi"],
  ])("writes %s as %s", (text, expected) => {
    const whole = Math.floor((text.length * 8) / 5);
    expect(base32(Buffer.from(text), whole)).toBe(expected.slice(0, whole));
  });

  it("refuses to invent characters", () => expect(() => base32(new Uint8Array(1), 2)).toThrow(RangeError));
});

describe("a key's subject", () => {
  it.each(["", "a.b", "*", ">", "a b", "a\r\nb"])("cannot be made of %j", (hostile) => {
    expect(() => botKeySubject(hostile)).toThrow(RangeError);
    expect(() => chatKeySubject("b1", hostile)).toThrow(RangeError);
  });
});
