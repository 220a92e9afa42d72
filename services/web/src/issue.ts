import type { DomainErrorParams } from "@botfactory/decider";
import { type ConsoleLanguage, errorPhrases } from "@botfactory/phrases";
import type { Issue } from "./api/problem.ts";

/** A code of the catalogue in words; nothing for the empty code services use for "all is well". */
export function issueOf(language: ConsoleLanguage, code: string, params: DomainErrorParams = {}): Issue | null {
  return code === "" ? null : inWords(language, code, params);
}

export function inWords(language: ConsoleLanguage, code: string, params: DomainErrorParams): Issue {
  const { title, cause, remedy } = errorPhrases(language, code, params);
  return { code, title, detail: cause, remedy };
}
