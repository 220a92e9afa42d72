import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { protectSecrets, REDACTED, redactJson, redactText } from "./redaction.ts";

const TOKEN = "7312345678:AAH9canaryCanaryCanaryCanary_canary-9";
const KEY = "AIzaSyCanaryCanaryCanaryCanaryCanary123";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl";

describe("a text that leaves the process", () => {
  it.each([
    [`https://api.telegram.org/bot${TOKEN}/sendMessage`, `https://api.telegram.org/bot${REDACTED}/sendMessage`],
    [`/file/bot${encodeURIComponent(TOKEN)}/photo.jpg`, `/file/bot${REDACTED}/photo.jpg`],
    [`?key=${KEY}&alt=sse`, `?key=${REDACTED}&alt=sse`],
    [`authorization: Bearer ${JWT}`, `authorization: Bearer ${REDACTED}`],
    ["Bearer 0123456789abcdef", `Bearer ${REDACTED}`],
    ["mongodb://root:hunter2@db:27017/x", `mongodb://${REDACTED}@db:27017/x`],
    ["nats://token-of-nats@nats:4222", `nats://${REDACTED}@nats:4222`],
  ])("%s", (text, without) => {
    expect(redactText(text)).toBe(without);
  });

  it.each([
    "the bot answered 12 messages in 7312345678 ms",
    "https://example.org/bots/abc?at=12:30",
    "ada@example.org wrote",
    "the bearer of bad news",
  ])("keeps what is no secret: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each(["1", "eyJaaaaa", " ", "://", "1:"])(
    "is searched in time that grows with its length only, also when a stranger repeats %j",
    (part) => {
      const text = part.repeat(120_000 / part.length);
      const begun = performance.now();
      expect(redactText(text).length).toBe(text.length);
      expect(performance.now() - begun).toBeLessThan(1_000);
    },
  );

  it("loses a registered secret of any shape, also inside JSON and URLs", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme-ascii", minLength: 12 }),
        fc.string({ unit: "grapheme" }),
        (secret, around) => {
          fc.pre(!around.includes(secret));
          protectSecrets([secret]);
          const shown = [secret, JSON.stringify({ text: secret }), `/?q=${encodeURIComponent(secret)}`].map(redactText);
          for (const text of shown) {
            expect(text).not.toContain(secret);
            expect(text).not.toContain(encodeURIComponent(secret));
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("a line of JSON", () => {
  it("stays JSON and loses what is named like a secret, at any depth", () => {
    const line = {
      msg: "created",
      bot: { id: "b1", telegramToken: 'quo"ted\\', headers: { Authorization: "x", "Set-Cookie": "sid=1" } },
      tokens: 12,
    };
    expect(JSON.parse(redactJson(JSON.stringify(line)))).toEqual({
      msg: "created",
      bot: { id: "b1", telegramToken: REDACTED, headers: { Authorization: REDACTED, "Set-Cookie": REDACTED } },
      tokens: 12,
    });
  });

  it("stays JSON whatever it holds", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => JSON.parse(redactJson(json))).not.toThrow();
      }),
    );
  });
});
