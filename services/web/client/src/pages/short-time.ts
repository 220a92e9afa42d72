import { currentLanguage } from "../i18n.ts";

/** Date and time in digits. Chrome has no Uzbek Intl data; Uzbek writes dates in digits as Russian does. */
export function shortTime(iso: string): string {
  const locale = currentLanguage() === "en" ? "en-GB" : "ru-RU";
  return new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" }).format(new Date(iso));
}
