import { describe, expect, it } from "@jest/globals";
import { refusal, simulatorFixture } from "./fixture.ts";

const strict = simulatorFixture({ localMode: false, retryScale: 0.000_001 });

describe("setWebhook outside of local mode", () => {
  it.each([
    ["http://bots.example.uz/hook", "bad webhook: An HTTPS URL must be provided for webhook"],
    ["https://bots.example.uz:8080/hook", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"],
    ["https://127.0.0.1/hook", "bad webhook: IP address 127.0.0.1 is reserved"],
    ["ftp://bots.example.uz", "invalid webhook URL specified"],
    ["https://", "invalid webhook URL specified"],
  ])("refuses %s", async (webhook, reason) => {
    const { api } = await strict.meeting();
    expect(await refusal(api.setWebhook(webhook))).toBe(`400 Bad Request: ${reason}`);
  });

  it("refuses secrets that are too long or of other characters", async () => {
    const { api } = await strict.meeting();
    const refused = [];
    for (const secret_token of ["x".repeat(257), "a b", "ў"]) {
      refused.push(await refusal(api.setWebhook("https://bots.example.uz/hook", { secret_token })));
    }
    expect(refused).toEqual([
      "400 Bad Request: secret token is too long",
      "400 Bad Request: secret token contains unallowed characters",
      "400 Bad Request: secret token contains unallowed characters",
    ]);
  });
});

describe("getWebhookInfo", () => {
  it("tells what was set", async () => {
    const { api, call } = await strict.meeting();
    const allowed_updates = ["message", "callback_query"] as const;
    const setting = { url: "https://bots.example.uz/hook", max_connections: 500, allowed_updates };
    expect((await call("setWebhook", { ...setting, drop_pending_updates: true })).body.description).toBe(
      "Webhook was set",
    );
    expect(await api.getWebhookInfo()).toMatchObject({
      url: "https://bots.example.uz/hook",
      has_custom_certificate: false,
      pending_update_count: 0,
      max_connections: 100,
      allowed_updates,
    });
    expect((await call("deleteWebhook")).body.description).toBe("Webhook was deleted");
    expect((await call("deleteWebhook")).body.description).toBe("Webhook is already deleted");
    expect((await api.getWebhookInfo()).url).toBe("");
  });
});

describe("setWebhook twice within a second", () => {
  const { meeting } = simulatorFixture();

  it("is too much for Telegram", async () => {
    const { api, call } = await meeting();
    await api.setWebhook("http://127.0.0.1:9/hook");
    expect(await call("setWebhook", { url: "http://127.0.0.1:9/other" })).toEqual({
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: "Too Many Requests: retry after 1",
        parameters: { retry_after: 1 },
      },
    });
  });
});
