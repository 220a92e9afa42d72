import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./locales/en.ts";
import { ru } from "./locales/ru.ts";
import { uz } from "./locales/uz.ts";

export const LANGUAGES = ["uz", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED_AS = "botfactory-language";

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

/** The person's own choice, else the browser's language, else Uzbek. */
function firstLanguage(): Language {
  const wished = [localStorage.getItem(STORED_AS) ?? "", ...navigator.languages];
  return wished.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "uz";
}

export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : "uz");

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED_AS, language);
  // The server writes error texts and Keycloak's pages in the same language, which it reads from a cookie of this name.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in many browsers, and the value is one of three words
  document.cookie = `${STORED_AS}=${language}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, ru: { translation: ru }, uz: { translation: uz } },
    lng: firstLanguage(),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnObjects: true,
  });
  await chooseLanguage(currentLanguage());
}
