import { createInstance } from "i18next";
import { type ErrorCode, type ErrorPhrases, errorsEn } from "./errors-en.ts";
import { errorsRu } from "./errors-ru.ts";
import { errorsUz } from "./errors-uz.ts";
import { type ReplyCode, repliesEn, repliesRu, repliesUz, repliesUzCyrl } from "./replies.ts";

/** A language of the console and of error texts. */
export type ConsoleLanguage = "uz" | "ru" | "en";

/** A language a chatting person is answered in; Uzbek also in Cyrillic letters. */
export type ReplyLanguage = ConsoleLanguage | "uz-Cyrl";

const i18n = createInstance();
// Resources are in memory, so i18next is ready when init returns; the promise has nothing left to tell.
void i18n.init({
  initAsync: false,
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnObjects: false,
  resources: {
    en: { errors: errorsEn, replies: repliesEn },
    ru: { errors: errorsRu, replies: repliesRu },
    uz: { errors: errorsUz, replies: repliesUz },
    "uz-Cyrl": { replies: repliesUzCyrl },
  },
});

/** Whether the catalogue knows the code; an unknown one is shown as `internal`. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorsEn, code);
}

/**
 * Title, cause and remedy of an error code for the owner. A code the catalogue does not know reads like `internal`,
 * so nothing internal is ever shown; a param that is not given leaves its place empty.
 */
export function errorPhrases(
  language: ConsoleLanguage,
  code: string,
  params: Readonly<Record<string, string>> = {},
): ErrorPhrases {
  const known = isErrorCode(code) ? code : "internal";
  const say = (part: keyof ErrorPhrases) => sentence(language, `errors:${known}.${part}`, params);
  return { title: say("title"), cause: say("cause"), remedy: say("remedy") };
}

/** The sentence a chatting person reads instead of an answer. */
export function replyPhrase(
  language: ReplyLanguage,
  code: ReplyCode,
  params: Readonly<Record<string, string>> = {},
): string {
  return sentence(language, `replies:${code}`, params);
}

function sentence(language: string, key: string, params: Readonly<Record<string, string>>): string {
  return i18n
    .t(key, { ...params, lng: language, interpolation: { escapeValue: false } })
    .replace(/\{\{\w+\}\}/g, "")
    .trim();
}
