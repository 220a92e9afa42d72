import { describe, expect, it } from "@jest/globals";
import { errorsEn } from "./errors-en.ts";
import { errorsRu } from "./errors-ru.ts";
import { errorsUz } from "./errors-uz.ts";
import { errorPhrases, replyPhrase } from "./phrases.ts";
import { repliesEn, repliesRu, repliesUz, repliesUzCyrl } from "./replies.ts";

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("an owner", () => {
  it("reads the guide's own words for the guide's errors", () => {
    expect(errorPhrases("en", "webhook_not_set").title).toBe("Webhook is not set");
    expect(errorPhrases("en", "token_invalid").title).toBe("Invalid token");
    expect(errorPhrases("en", "bot_not_responding").title).toBe("Bot not responding");
    expect(errorPhrases("en", "ai_key_missing").title).toBe("GOOGLE_API_KEY not set");
    expect(errorPhrases("en", "ai_rate_minute").title).toBe("Rate limit exceeded");
  });

  it("reads the facts of the case in the sentence", () => {
    expect(errorPhrases("ru", "plan_limit_reached", { limit: "1" }).cause).toContain("1");
    expect(errorPhrases("uz", "prompt_too_long", { limit: "8000", length: "10000" }).cause).toContain("10000");
  });

  it("never reads markup that a fact brings along as anything but text", () => {
    expect(errorPhrases("en", "webhook_refused", { description: "<b>no</b> $t(x) {{limit}}" }).cause).toContain(
      "<b>no</b>",
    );
  });

  it("reads the general sentence for a code nobody has written for, and no empty place for a missing fact", () => {
    expect(errorPhrases("en", "constructor")).toEqual(errorPhrases("en", "internal"));
    expect(errorPhrases("uz", "plan_limit_reached").cause).not.toContain("{{");
  });
});

describe("every sentence", () => {
  it.each(Object.entries(errorsEn))(
    "of %s names the same facts in all languages and is translated",
    (code, english) => {
      for (const translated of [errorsRu, errorsUz]) {
        const other = translated[code as keyof typeof errorsEn];
        for (const part of ["title", "cause", "remedy"] as const) {
          expect(places(other[part])).toEqual(places(english[part]));
        }
        expect(other.title).not.toBe(english.title);
        expect(other.remedy).not.toBe(english.remedy);
      }
    },
  );

  it("to a chatting person names the same facts in all four scripts", () => {
    for (const replies of [repliesRu, repliesUz, repliesUzCyrl]) {
      for (const [code, english] of Object.entries(repliesEn)) {
        expect(places(replies[code as keyof typeof repliesEn])).toEqual(places(english));
      }
    }
    expect(replyPhrase("uz-Cyrl", "ai_rate_minute", { minutes: "2" })).toContain("2 дақиқадан");
  });

  it("in Uzbek Latin writes oʻ and gʻ with the right letter", () => {
    expect(JSON.stringify([errorsUz, repliesUz])).not.toMatch(/[oOgG]['’‘`]/);
  });
});
