import { describe, expect, it } from "@jest/globals";
import { HttpError } from "grammy";
import { refusal, simulatorFixture } from "./fixture.ts";

const { url, meeting } = simulatorFixture();

describe("a scripted refusal", () => {
  it("hits the named chat and method for n calls", async () => {
    const { sim, api, bot, userId } = await meeting();
    await sim.fault({
      kind: "rate-limited",
      retryAfter: 7,
      botId: bot.id,
      chatId: userId,
      method: "sendMessage",
      times: 2,
    });
    expect(await refusal(api.getMe())).toBe("accepted");
    expect(await refusal(api.sendMessage(userId, "1"))).toBe("429 Too Many Requests: retry after 7");
    expect(await refusal(api.sendMessage(userId, "2"))).toBe("429 Too Many Requests: retry after 7");
    expect(await refusal(api.sendMessage(userId, "3"))).toBe("accepted");
  });
});

describe("a connection that breaks", () => {
  it.each([
    ["reset-before", 0],
    ["reset-after", 1],
  ] as const)("by %s leaves %i messages", async (kind, stored) => {
    const { sim, api, bot, userId } = await meeting();
    await sim.fault({ kind, botId: bot.id, method: "sendMessage" });
    await expect(api.sendMessage(userId, "x")).rejects.toBeInstanceOf(HttpError);
    const { messages } = await sim.chat({ chatId: userId, botId: bot.id });
    expect(messages.filter(({ from }) => from.is_bot)).toHaveLength(stored);
    expect(await sim.waitForLedger({ botId: bot.id, method: "sendMessage" })).toMatchObject([
      { fault: kind, executed: stored === 1 },
    ]);
  });

  it("by hanging lets the caller's own timeout decide", async () => {
    const { sim, bot, userId } = await meeting();
    await sim.fault({ kind: "hang-after", botId: bot.id, method: "sendMessage" });
    const patience = new AbortController();
    const target = `${url()}/bot${bot.token}/sendMessage?chat_id=${userId}&text=x`;
    const hanging = fetch(target, { signal: patience.signal });
    await sim.waitForReply({ botId: bot.id, chatId: userId });
    patience.abort();
    await expect(hanging).rejects.toThrow("This operation was aborted");
  });

  it("only slows down with a delay", async () => {
    const { sim, bot, userId, api } = await meeting();
    await sim.fault({ kind: "delay", delayMs: 120, botId: bot.id });
    await api.sendMessage(userId, "x");
    const [entry] = await sim.ledger({ botId: bot.id, method: "sendMessage" });
    expect(entry?.durationMs).toBeGreaterThanOrEqual(119);
  });
});
