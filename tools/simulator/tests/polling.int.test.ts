import { describe, expect, it } from "@jest/globals";
import { refusal, simulatorFixture } from "./fixture.ts";
import { startReceiver } from "./receiver.ts";

const { meeting } = simulatorFixture();

describe("getUpdates", () => {
  it("gives updates until they are confirmed by a higher offset", async () => {
    const { api, user, bot } = await meeting();
    await user.send(bot.id, "two");
    const updates = await api.getUpdates();
    expect(updates.map(({ message }) => message?.text)).toEqual(["hello", "two"]);
    const [first, second] = updates.map(({ update_id }) => update_id);
    expect(second).toBe((first ?? 0) + 1);
    expect(await api.getUpdates({ offset: second ?? 0 })).toHaveLength(1);
    expect(await api.getUpdates({ offset: (second ?? 0) + 1 })).toEqual([]);
  });

  it("waits for the next update", async () => {
    const { api, user, bot } = await meeting();
    const [{ update_id } = { update_id: 0 }] = await api.getUpdates();
    const waiting = api.getUpdates({ offset: update_id + 1, timeout: 20 });
    await user.send(bot.id, "late");
    expect((await waiting)[0]?.message?.text).toBe("late");
  });

  it("takes only the last ones with a negative offset", async () => {
    const { api, user, bot } = await meeting();
    await user.send(bot.id, "two");
    expect((await api.getUpdates({ offset: -1 })).map(({ message }) => message?.text)).toEqual(["two"]);
  });

  it("is ended by another getUpdates and by setWebhook, and refused beside one", async () => {
    const { api, sim, bot } = await meeting();
    const receiver = await startReceiver();
    const [{ update_id } = { update_id: 0 }] = await api.getUpdates();
    const poll = { offset: update_id + 1, timeout: 20 };
    const first = refusal(api.getUpdates(poll));
    await api.getMe();
    const second = refusal(api.getUpdates(poll));
    expect(await first).toMatch(/^409 Conflict: terminated by other getUpdates request/);
    await api.setWebhook(receiver.url);
    expect(await second).toBe("409 Conflict: terminated by setWebhook request");
    expect(await refusal(api.getUpdates())).toMatch(
      /^409 Conflict: can't use getUpdates method while webhook is active/,
    );
    await api.deleteWebhook();
    await sim.bot(bot.id).waitUntilIdle();
    await receiver.stop();
  });

  it("gives only the kinds that were asked for", async () => {
    const { api, user, bot } = await meeting();
    await api.getUpdates({ allowed_updates: ["callback_query"] });
    await user.send(bot.id, "unheard");
    await user.press(bot.id, { messageId: 1, data: "x" });
    const kinds = (await api.getUpdates()).map((update) => Object.keys(update)[1]);
    expect(kinds).toEqual(["message", "callback_query"]);
  });
});
