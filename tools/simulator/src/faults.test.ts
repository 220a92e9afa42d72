import { describe, expect, it } from "@jest/globals";
import { errorOf } from "./fault-error.ts";
import { type FaultWish, faults } from "./faults.ts";
import { errorBody } from "./telegram-error.ts";

const call = { botId: 1, chatId: 7, method: "sendMessage" };
const strikes = (wish: FaultWish, calls: number) => {
  const script = faults();
  script.add(wish);
  return Array.from({ length: calls }, () => script.strike(call)?.kind);
};

describe("a scripted fault", () => {
  it("hits once unless told otherwise", () => {
    expect(strikes({ kind: "internal" }, 2)).toEqual(["internal", undefined]);
  });

  it("lets calls pass first and then hits several", () => {
    expect(strikes({ kind: "internal", skip: 1, times: 2 }, 4)).toEqual([undefined, "internal", "internal", undefined]);
  });

  it.each([{ botId: 2 }, { chatId: 8 }, { method: "getMe" }])("spares what it was not meant for: %j", (target) => {
    expect(strikes({ kind: "internal", ...target }, 1)).toEqual([undefined]);
  });

  it("finds its method in any case of letters", () => {
    expect(strikes({ kind: "internal", method: "SENDMESSAGE" }, 1)).toEqual(["internal"]);
  });

  it.each([
    {
      fault: { kind: "rate-limited", retryAfter: 30 },
      body: { error_code: 429, description: "Too Many Requests: retry after 30", parameters: { retry_after: 30 } },
    },
    {
      fault: { kind: "migrated", migrateToChatId: -5 },
      body: {
        error_code: 400,
        description: "Bad Request: group chat was upgraded to a supergroup chat",
        parameters: { migrate_to_chat_id: -5 },
      },
    },
    {
      fault: { kind: "blocked" },
      body: { error_code: 403, description: "Forbidden: bot was blocked by the user" },
    },
    { fault: { kind: "unauthorized" }, body: { error_code: 401, description: "Unauthorized" } },
  ] as const)("speaks as Telegram does: $fault.kind", ({ fault, body }) => {
    const error = errorOf({ ...fault, id: "1", times: 0, skip: 0 });
    expect(error && errorBody(error)).toEqual({ ok: false, ...body });
  });
});
