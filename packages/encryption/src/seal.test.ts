import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { CannotOpen, open, openText, seal, sealedWith, sealText } from "./seal.ts";
import { newSecretKey, secretKey } from "./secret-key.ts";

const key = newSecretKey();
const place = "bots/b1/token";
const bytes = fc.uint8Array({ maxLength: 200 });

describe("sealed bytes", () => {
  it("open with the same key at the same place to what was sealed", () =>
    fc.assert(
      fc.property(bytes, fc.string(), (plain, belongsTo) => {
        expect(new Uint8Array(open(key, seal(key, plain, belongsTo), belongsTo))).toEqual(plain);
      }),
    ));

  it("do not open at another owner's place", () =>
    fc.assert(
      fc.property(bytes, fc.string(), fc.string(), (plain, mine, other) => {
        fc.pre(mine !== other);
        expect(() => open(key, seal(key, plain, mine), other)).toThrow(CannotOpen);
      }),
    ));

  it("do not open once any single bit of them was changed", () => {
    const sealed = sealText(key, "123456:token", place);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open(key, changed, place)).toThrow(CannotOpen);
    }
  });

  it("do not open when they were cut short, or never were sealed", () => {
    const sealed = sealText(key, "x", place);
    for (let length = 0; length < sealed.length; length++) {
      expect(() => open(key, sealed.subarray(0, length), place)).toThrow(CannotOpen);
    }
    fc.assert(fc.property(bytes, (garbage) => expect(() => open(key, garbage, place)).toThrow(CannotOpen)));
  });

  it("do not open with another key, not even with one of the same name", () => {
    const sealed = sealText(key, "x", place);
    expect(() => open(newSecretKey(), sealed, place)).toThrow(CannotOpen);
    expect(() => open(secretKey(new Uint8Array(32), key.id), sealed, place)).toThrow(CannotOpen);
  });

  it("keep nothing else in memory", () => {
    const sealed = sealText(key, "salom", place);
    expect(sealed.buffer.byteLength).toBe(sealed.byteLength);
  });

  it("are different each time, although the text is the same", () => {
    const all = Array.from({ length: 1000 }, () => Buffer.from(sealText(key, "same", place)).toString("hex"));
    expect(new Set(all).size).toBe(1000);
  });

  it("name the key that sealed them and keep text of any script", () => {
    const sealed = sealText(key, "Salom, дунё 👋\u0000", place);
    expect(sealedWith(sealed)).toBe(key.id);
    expect(openText(key, sealed, place)).toBe("Salom, дунё 👋\u0000");
  });
});

describe("a secret key", () => {
  it("does not show its bytes when it is printed, logged or put into JSON", () => {
    const raw = Buffer.from("0123456789abcdef0123456789abcdef");
    const holder = { nested: secretKey(raw, "k1") };
    const shown = [
      inspect(holder, { depth: null, showHidden: true }),
      JSON.stringify(holder),
      String(holder.nested.key),
    ];
    for (const text of shown) {
      for (const form of [raw.toString(), raw.toString("hex"), raw.toString("base64"), [...raw].join(", ")]) {
        expect(text).not.toContain(form);
      }
    }
  });

  it("has 32 bytes and nothing else", () => {
    for (const length of [0, 16, 31, 33]) expect(() => secretKey(new Uint8Array(length))).toThrow(RangeError);
  });
});
