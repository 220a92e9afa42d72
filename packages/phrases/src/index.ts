export type { ErrorCode, ErrorPhrases } from "./errors-en.ts";
export { type ConsoleLanguage, errorPhrases, isErrorCode, type ReplyLanguage, replyPhrase } from "./phrases.ts";
export { type ReplyCode, repliesEn } from "./replies.ts";
