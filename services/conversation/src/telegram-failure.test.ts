import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { Api, GrammyError, HttpError } from "grammy";
import { telegramFailure } from "./telegram-failure.ts";

const answered = (error_code: number, description: string, parameters: object) =>
  telegramFailure(new GrammyError("failed", { ok: false, error_code, description, parameters }, "sendMessage", {}));
const unanswered = (error: unknown) => telegramFailure(new HttpError("failed", error));
const systemError = (code: string) => Object.assign(new Error("request failed"), { type: "system", code });

describe("a failed call of Telegram", () => {
  it.each([
    [{ kind: "wait", ms: 7_000 }, answered(429, "Too Many Requests: retry after 7", { retry_after: 7 })],
    [{ kind: "wait", ms: 1_000 }, answered(429, "Too Many Requests", {})],
    [{ kind: "revoked" }, answered(401, "Unauthorized", {})],
    [{ kind: "revoked" }, answered(404, "Not Found", {})],
    [
      { kind: "refused", code: "bot_blocked_by_user", words: "Forbidden: bot was blocked by the user" },
      answered(403, "Forbidden: bot was blocked by the user", {}),
    ],
    [
      { kind: "refused", code: "telegram_chat_not_found", words: "Bad Request: chat not found" },
      answered(400, "Bad Request: chat not found", {}),
    ],
    [
      { kind: "migrated", chatId: "-100" },
      answered(400, "Bad Request: group chat was upgraded", { migrate_to_chat_id: -100 }),
    ],
    [
      { kind: "refused", code: "telegram_refused", words: "Bad Request: message text is empty" },
      answered(400, "Bad Request: message text is empty", {}),
    ],
    [{ kind: "doubtful", reason: "status_502" }, answered(502, "Bad Gateway", {})],
  ])("is told in words of what to do next: %j", (failure, told) => {
    expect(told).toEqual(failure);
  });

  it.each([
    ["ECONNREFUSED", "unreached"],
    ["ENOTFOUND", "unreached"],
    ["EAI_AGAIN", "unreached"],
    ["CERT_HAS_EXPIRED", "unreached"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "unreached"],
    ["ECONNRESET", "doubtful"],
    ["EPIPE", "doubtful"],
  ])("by %s is %s", (code, kind) => expect(unanswered(systemError(code))).toEqual({ kind, reason: code }));

  it("without an answer in time, or with a proxy's page, leaves a doubt", () => {
    const late = new Error("Request to 'sendMessage' timed out after 30 seconds");
    expect(unanswered(late)).toEqual({ kind: "doubtful", reason: "timeout" });
    expect(unanswered({ type: "invalid-json" })).toEqual({ kind: "doubtful", reason: "not_json" });
    expect(unanswered(undefined)).toEqual({ kind: "doubtful", reason: "unknown" });
    expect(telegramFailure("nonsense")).toEqual({ kind: "doubtful", reason: "unknown" });
  });

  it("carries nothing of grammY's own error, in which the token stands", async () => {
    const token = "123456789:AAnotARealTokenButOfItsShape00000000";
    const api = new Api(token, { apiRoot: "http://127.0.0.1:1" });
    const error: unknown = await api.sendMessage(1, "x").catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: 9 })).toContain(token);
    expect(inspect(telegramFailure(error), { depth: 9 })).not.toContain(token);
    expect(telegramFailure(error)).toEqual({ kind: "unreached", reason: "ECONNREFUSED" });
  });
});
