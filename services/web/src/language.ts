import type { ConsoleLanguage } from "@botfactory/phrases";
import type { Request } from "express";
import { cookieOf } from "./cookies.ts";

// English first: it is what a request that accepts any language gets.
const LANGUAGES = ["en", "ru", "uz"] as const satisfies readonly ConsoleLanguage[];

// Written by the browser app when a person chooses a language; it is a taste, not a secret.
export const LANGUAGE_COOKIE = "botfactory-language";

/** The language a person chose, else the browser's, else English. */
export function languageOf(request: Request): ConsoleLanguage {
  return asLanguage(cookieOf(request, LANGUAGE_COOKIE)) ?? asLanguage(request.acceptsLanguages(...LANGUAGES)) ?? "en";
}

export function asLanguage(value: unknown): ConsoleLanguage | undefined {
  return LANGUAGES.find((language) => language === value);
}
