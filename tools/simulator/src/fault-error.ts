import type { Fault } from "./faults.ts";
import { badRequest, TelegramError, tooManyRequests } from "./telegram-error.ts";

/** The refusal a scripted fault stands for; undefined for faults of the connection. */
export function errorOf({ kind, ...fault }: Fault): TelegramError | undefined {
  switch (kind) {
    case "rate-limited":
      return tooManyRequests(fault.retryAfter ?? 1);
    case "internal":
      return new TelegramError(500, "Internal Server Error");
    case "blocked":
      return new TelegramError(403, "Forbidden: bot was blocked by the user");
    case "chat-not-found":
      return badRequest("chat not found");
    case "cannot-parse-entities":
      return badRequest("can't parse entities: Can't find end of the entity starting at byte offset 0");
    case "unauthorized":
      return new TelegramError(401, "Unauthorized");
    case "migrated":
      return badRequest("group chat was upgraded to a supergroup chat", {
        migrate_to_chat_id: fault.migrateToChatId ?? -1_000_000_000_001,
      });
    case "error":
      return new TelegramError(fault.errorCode ?? 400, fault.description ?? "Bad Request");
    case "reset-before":
    case "reset-after":
    case "delay":
    case "hang-before":
    case "hang-after":
      return undefined;
  }
}
