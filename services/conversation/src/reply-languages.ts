import type { ReplyLanguage } from "@botfactory/phrases";
import { Language } from "@botfactory/proto/events/v1/account";

/** The language a sentence is said in. */
export function replyLanguage(language: Language): ReplyLanguage {
  switch (language) {
    case Language.UZ:
      return "uz";
    case Language.UZ_CYRL:
      return "uz-Cyrl";
    case Language.RU:
      return "ru";
    case Language.EN:
    case Language.UNSPECIFIED:
      return "en";
  }
}
