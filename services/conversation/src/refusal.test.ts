import { DomainError } from "@botfactory/decider";
import { describe, expect, it } from "@jest/globals";
import { refusalOf } from "./refusal.ts";

const by = (code: string, params = {}) => new DomainError("exhausted", code, { params });

describe("a refusal of ai", () => {
  it.each([
    "ai_key_missing",
    "ai_key_invalid",
    "ai_request_refused",
    "ai_of_a_later_version",
    "ai_rate_minute",
    "ai_rate_day",
    "ai_blocked",
    "ai_empty",
    "ai_overloaded",
    "ai_timeout",
    "owner_allowance_spent",
  ])("%s has a sentence in every language a person may write", (code) => {
    const sentences = (["uz", "uz-Cyrl", "ru", "en"] as const).map(
      (language) => refusalOf(by(code), language)?.sentence,
    );
    expect(new Set(sentences).size).toBe(4);
    for (const sentence of sentences) expect(sentence).toMatch(/^\P{Ll}.{20,}\.$/u);
  });

  it("tells when to come back, in minutes and by the clock of Tashkent", () => {
    const inThreeMinutes = String(Date.now() + 170_000);
    expect(refusalOf(by("ai_rate_minute", { retry_at_unix_ms: inThreeMinutes }), "en")?.sentence).toContain("3 min");
    const morning = String(Date.parse("2030-01-01T08:00:00Z"));
    expect(refusalOf(by("ai_rate_day", { retry_at_unix_ms: morning }), "ru")?.sentence).toContain("13:00");
  });

  it("says nothing of keys to the person", () => {
    for (const code of ["ai_key_missing", "ai_key_invalid"]) {
      expect(refusalOf(by(code), "en")).toMatchObject({ code, sentence: expect.not.stringMatching(/key|api/i) });
    }
  });

  it("is no outage, and an outage is no refusal", () => {
    expect(refusalOf(new DomainError("unavailable", "unavailable"), "en")).toBeUndefined();
    expect(refusalOf(new Error("ai_blocked"), "en")).toBeUndefined();
  });
});
