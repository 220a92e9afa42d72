import type { ConsoleLanguage } from "@botfactory/phrases";
import type { Request } from "express";
import { cookieOf } from "./cookies.ts";

const LANGUAGES = ["uz", "ru", "en"] as const satisfies readonly ConsoleLanguage[];

// Written by the browser app when a person chooses a language; it is a taste, not a secret.
export const LANGUAGE_COOKIE = "botfactory_language";

/** The language a person chose, else the browser's, else English. */
export function languageOf(request: Request): ConsoleLanguage {
  return asLanguage(cookieOf(request, LANGUAGE_COOKIE)) ?? asLanguage(request.acceptsLanguages(...LANGUAGES)) ?? "en";
}

export function asLanguage(value: unknown): ConsoleLanguage | undefined {
  return LANGUAGES.find((language) => language === value);
}
