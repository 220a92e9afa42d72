import { type ReplyCode, type ReplyLanguage, repliesEn, replyPhrase } from "@botfactory/phrases";

/** What a bot says instead of an answer: why it refuses, or that it has set a message aside. */
export type Sentence = "refusal" | "apology";

const LANGUAGES: readonly ReplyLanguage[] = ["en", "ru", "uz", "uz-Cyrl"];
const APOLOGY: ReplyCode = "turn_failed";
const NO_REFUSALS: readonly string[] = [APOLOGY, "test_greeting"] satisfies ReplyCode[];
const GAP = "\u0001";

const refusals = patterns(codes().filter((code) => !NO_REFUSALS.includes(code)));
const apologies = patterns([APOLOGY]);

/** Recognises the product's own sentences in every language; undefined for whatever a model wrote. */
export function sentenceIn(text: string): Sentence | undefined {
  if (apologies.some((pattern) => pattern.test(text))) return "apology";
  return refusals.some((pattern) => pattern.test(text)) ? "refusal" : undefined;
}

function codes(): readonly ReplyCode[] {
  return Object.keys(repliesEn).filter((code): code is ReplyCode => Object.hasOwn(repliesEn, code));
}

function patterns(of: readonly ReplyCode[]): readonly RegExp[] {
  const sentences = LANGUAGES.flatMap((language) =>
    of.map((code) => replyPhrase(language, code, { minutes: GAP, time: GAP })),
  );
  return sentences.map((sentence) => new RegExp(`^${escaped(sentence).replaceAll(GAP, ".+")}$`));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
