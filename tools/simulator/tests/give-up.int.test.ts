import { describe, expect, it } from "@jest/globals";
import { simulatorFixture } from "./fixture.ts";
import { startReceiver } from "./receiver.ts";

/** A day in 86 milliseconds. */
const { meeting } = simulatorFixture({ retryScale: 0.000_001 });

describe("an update nobody takes", () => {
  it("is given up 24 hours after its message", async () => {
    const receiver = await startReceiver(() => ({ status: 404 }));
    const { api, sim, bot, user } = await meeting();
    await api.setWebhook(receiver.url);
    await user.send(bot.id, "lost");
    const entries = await sim.waitForLedger({ botId: bot.id, kind: "delivery", match: { outcome: "given-up" } });
    expect(entries.length).toBeGreaterThan(0);
    await sim.bot(bot.id).waitUntilIdle();
    expect((await api.getWebhookInfo()).pending_update_count).toBe(0);
    await receiver.stop();
  });
});
