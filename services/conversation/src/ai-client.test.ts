import { once } from "node:events";
import type { AiService } from "@botfactory/proto/ai/v1/ai";
import type { Client } from "@botfactory/rpc";
import { describe, expect, it } from "@jest/globals";
import { generate } from "./ai-client.ts";

/** An ai that takes a call and never answers, as one does whose process is stopped. */
const silent: Client<typeof AiService>["generate"] = async function* (_, { signal } = {}) {
  if (signal !== undefined && !signal.aborted) await once(signal, "abort");
  yield* [];
  throw signal?.reason;
};

describe("an ai that takes a question and never answers", () => {
  it("is a reason the person can be told, not an outage to be waited out for ever", async () => {
    const ask = generate({ generate: silent }, { deadlineMs: 20 });
    await expect(ask({ text: "Hello" })).rejects.toMatchObject({ kind: "unavailable", code: "ai_timeout" });
  });
});
