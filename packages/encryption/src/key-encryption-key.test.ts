import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { keyEncryptionKey } from "./key-encryption-key.ts";
import { CannotOpen } from "./seal.ts";

const base64 = () => randomBytes(32).toString("base64");
const place = "keys.bot.b1";

describe("key-encryption keys", () => {
  it("wrap a data key that the same configuration unwraps", async () => {
    const kek = keyEncryptionKey(base64());
    const dataKey = randomBytes(32);
    expect(await kek.unwrap(await kek.wrap(dataKey, place), place)).toEqual(dataKey);
  });

  it("refuse a wrapped key that was moved to another subject", async () => {
    const kek = keyEncryptionKey(base64());
    const wrapped = await kek.wrap(randomBytes(32), place);
    await expect(kek.unwrap(wrapped, "keys.bot.b2")).rejects.toThrow(CannotOpen);
  });

  it("wrap with the first and unwrap with all, which is how a key is changed", async () => {
    const old = `old=${base64()}`;
    const before = keyEncryptionKey(old);
    const during = keyEncryptionKey(`new=${base64()}, ${old}`);
    const dataKey = randomBytes(32);
    const wrapped = await before.wrap(dataKey, place);
    expect(during.isCurrent(wrapped)).toBe(false);
    expect(await during.unwrap(wrapped, place)).toEqual(dataKey);
    expect(during.isCurrent(await during.wrap(dataKey, place))).toBe(true);
    await expect(keyEncryptionKey(`new=${base64()}`).unwrap(wrapped, place)).rejects.toThrow(/no key "old"/);
  });

  it("name every bad entry by its position and never by its text", () => {
    const secret = "c2hvcnQ-but-secret";
    const configured = `a=${base64()},${secret},a=${base64()},b=`;
    expect(() => keyEncryptionKey(configured)).toThrow(/entry 2 .*entry 3 repeats the id "a".*entry 4/);
    expect(() => keyEncryptionKey(configured)).not.toThrow(new RegExp(secret));
    expect(() => keyEncryptionKey("")).toThrow(/entry 1/);
  });

  it("do not show themselves when they are printed", () => {
    const configured = base64();
    const shown = inspect(keyEncryptionKey(configured), { depth: null, showHidden: true });
    expect(shown).not.toContain(configured);
  });
});
