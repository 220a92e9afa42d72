import { Language } from "@botfactory/proto/events/v1/account";
import { franc } from "franc";
import { FREQUENT_WORDS } from "./language-markers.ts";

/** What is known beside the words themselves. */
export interface LanguageHints {
  /** Of the chat's last turn; unspecified in a new chat. */
  readonly ofChat: Language;
  /** Telegram's `language_code` of the person, such as `uz` or `ru-RU`; "" when not told. */
  readonly languageCode: string;
  readonly ofBot: Language;
}

type Script = "latin" | "cyrillic" | "none";

// Below this many letters trigrams guess: "Спасибо" reads as Uzbek to them.
const LETTERS_FOR_TRIGRAMS = 20;

/**
 * The language of a person's words: letters only one language has, then frequent words, then trigrams, then what is
 * known of the chat, the person and the bot (docs of the figures: language.test.ts).
 */
export function languageOf(text: string, hints: LanguageHints): Language {
  const plain = withoutNames(text);
  const script = scriptOf(plain);
  return (
    byFrequentWords(plain, script) ??
    byLetters(plain) ??
    byTrigrams(plain, script) ??
    fitting(hints.ofChat, script) ??
    fitting(languageOfCode(hints.languageCode), script) ??
    (script === "cyrillic" ? Language.RU : hints.ofBot)
  );
}

/** Lower case, one apostrophe, and without addresses, mentions and commands, which are Latin in every language. */
function withoutNames(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/https?:\/\/\S+|(?<!\p{L})[@/#][\w.]+/gu, " ")
    .replace(/[’‘ʻʼ`´]/g, "'");
}

function scriptOf(text: string): Script {
  const cyrillic = count(text, /\p{Script=Cyrillic}/gu);
  const latin = count(text, /\p{Script=Latin}/gu);
  if (cyrillic + latin === 0) return "none";
  return cyrillic > latin ? "cyrillic" : "latin";
}

function byFrequentWords(text: string, script: Script): Language | undefined {
  const spoken = text.match(/[\p{L}']+/gu) ?? [];
  const scores = [...FREQUENT_WORDS]
    .filter(([language]) => scriptsOf(language) === script)
    .map(([language, frequent]) => ({ language, hits: spoken.filter((word) => frequent.has(word)).length }))
    .sort((a, b) => b.hits - a.hits);
  const [best, second] = scores;
  if (best === undefined || best.hits === (second?.hits ?? 0)) return undefined;
  return best.language;
}

function byLetters(text: string): Language | undefined {
  if (/[ўқғҳ]/u.test(text)) return Language.UZ_CYRL;
  // Only ы and щ: э begins Uzbek words too.
  if (/[ыщ]/u.test(text)) return Language.RU;
  // "dog's" and "o'clock" are English.
  return /[og]'(?!(?:s|re|ll|ve|d|clock)\b)\p{L}/u.test(text) ? Language.UZ : undefined;
}

function byTrigrams(text: string, script: Script): Language | undefined {
  if (count(text, /\p{L}/gu) < LETTERS_FOR_TRIGRAMS) return undefined;
  switch (franc(text, { only: ["uzn", "rus", "eng"] })) {
    case "uzn":
      return script === "cyrillic" ? Language.UZ_CYRL : Language.UZ;
    case "rus":
      return Language.RU;
    case "eng":
      return Language.EN;
    default:
      return undefined;
  }
}

function languageOfCode(code: string): Language {
  switch (code.slice(0, 2).toLowerCase()) {
    case "uz":
      return Language.UZ;
    case "ru":
      return Language.RU;
    case "en":
      return Language.EN;
    default:
      return Language.UNSPECIFIED;
  }
}

/** A hint counts if it can be written in the letters at hand; Uzbek has both alphabets. */
function fitting(language: Language, script: Script): Language | undefined {
  if (language === Language.UNSPECIFIED) return undefined;
  if (script === "none" || scriptsOf(language) === script) return language;
  return language === Language.UZ ? Language.UZ_CYRL : language === Language.UZ_CYRL ? Language.UZ : undefined;
}

function scriptsOf(language: Language): Script {
  return language === Language.RU || language === Language.UZ_CYRL ? "cyrillic" : "latin";
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
