import { describe, expect, it } from "@jest/globals";
import { webhookOrigin, webhookUrl } from "./webhook-url.ts";

const refusal = (code: string) => expect.objectContaining({ kind: "invalid", code });
const publicly = { localMode: false };
const locally = { localMode: true };

describe("a webhook base URL", () => {
  it.each([
    ["https://bots.example.com", "https://bots.example.com"],
    [" https://Bots.Example.com/ ", "https://bots.example.com"],
    ["https://bots.example.com:8443", "https://bots.example.com:8443"],
    ["https://abc123.ngrok.io", "https://abc123.ngrok.io"],
    ["https://203.0.113.7", "https://203.0.113.7"],
  ])("%j becomes the origin %j", (given, origin) => expect(webhookOrigin(given, publicly)).toBe(origin));

  it.each(["http://bots.example.com", "ftp://bots.example.com", "javascript:alert(1)"])(
    "%j is refused because it is not https",
    (given) => expect(() => webhookOrigin(given, publicly)).toThrow(refusal("webhook_url_not_https")),
  );

  it.each([
    "",
    "bots.example.com",
    "https://",
    "https:bots.example.com",
    "https:\\\\bots.example.com",
    "https://user:secret@bots.example.com",
    "https://bots.example.com/telegram",
    "https://bots.example.com/?a=1",
    "https://bots.example.com?",
    "https://bots.example.com#x",
    "https://bots.exa\nmple.com",
    `https://${"a".repeat(250)}.com`,
    "https://bots.example.com:5000",
    "https://localhost",
    "https://bots",
    "https://bots.internal",
    "https://bots.local",
    "https://bots.example.com.",
    "https://127.0.0.1",
    "https://2130706433",
    "https://0x7f.1",
    "https://10.1.2.3",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://169.254.169.254",
    "https://100.64.0.1",
    "https://0.0.0.0",
    "https://[::1]",
    "https://[::ffff:169.254.169.254]",
  ])("%j is refused", (given) => expect(() => webhookOrigin(given, publicly)).toThrow(refusal("webhook_url_invalid")));

  it.each(["http://localhost:3000", "http://127.0.0.1:8080/", "https://bots"])("%j is taken in local mode", (given) =>
    expect(webhookOrigin(given, locally)).toBe(given.replace(/\/$/, "")),
  );

  it.each(["http://user@localhost", "http://localhost/path"])("%j is refused in local mode too", (given) =>
    expect(() => webhookOrigin(given, locally)).toThrow(refusal("webhook_url_invalid")),
  );

  it("ends in the bot's own path", () =>
    expect(webhookUrl("https://bots.example.com", "abc")).toBe("https://bots.example.com/telegram/webhook/abc"));
});
