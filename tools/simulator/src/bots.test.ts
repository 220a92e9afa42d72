import { describe, expect, it } from "@jest/globals";
import { botIdOf, bots } from "./bots.ts";

describe("a token", () => {
  it("names its bot", () => expect(botIdOf("123456:AAH_x-9")).toBe(123456));

  it.each(["", "abc", "123456", "0123:AA", "12:", "12:a/b", `12:${"x".repeat(81)}`])("%j is malformed", (token) => {
    expect(botIdOf(token)).toBeUndefined();
  });

  it("opens only its own bot, until it is revoked or rotated", () => {
    const registry = bots([]);
    const [ada, bob] = [registry.create({}), registry.create({})];
    const before = ada.token;
    expect(registry.authenticate(before)).toBe(ada);
    expect(registry.authenticate(`${bob.id}:${before.split(":")[1]}`)).toBeUndefined();
    registry.rotate(ada);
    expect(registry.authenticate(before)).toBeUndefined();
    expect(registry.authenticate(ada.token)).toBe(ada);
    ada.revoked = true;
    expect(registry.authenticate(ada.token)).toBeUndefined();
  });

  it("named again finds the bot it already has", () => {
    const registry = bots([]);
    const first = registry.create({ token: "123456:AAH", username: "demo_bot" });
    expect(registry.create({ token: "123456:AAH", username: "demo_bot" })).toBe(first);
    expect(() => registry.create({ username: "demo_bot" })).toThrow("@demo_bot is taken");
  });
});
