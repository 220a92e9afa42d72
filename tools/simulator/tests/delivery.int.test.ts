import { describe, expect, it } from "@jest/globals";
import { refusal, simulatorFixture } from "./fixture.ts";
import { type Arrival, gate, type Reply, startReceiver } from "./receiver.ts";

/** Fast enough for a test, slow enough that a wait can be told from none. */
const { meeting } = simulatorFixture({ retryScale: 0.02 });
const textOf = ({ update }: Arrival) => JSON.parse(JSON.stringify(update)).message?.text;

async function hooked(answer?: (arrival: Arrival) => Reply | Promise<Reply>, more: { max_connections?: number } = {}) {
  const receiver = await startReceiver(answer);
  const party = await meeting();
  await party.sim.bot(party.bot.id).get();
  await party.api.setWebhook(receiver.url, { secret_token: "s3cret_-", ...more });
  return { ...party, receiver, api: party.api };
}

describe("a webhook", () => {
  it("gets the updates that waited, as JSON with the secret", async () => {
    const { receiver, bot, sim } = await hooked();
    const [first] = await receiver.until(1);
    expect(first?.headers["x-telegram-bot-api-secret-token"]).toBe("s3cret_-");
    expect(first?.headers["content-type"]).toBe("application/json");
    expect(first?.update).toMatchObject({ update_id: expect.any(Number), message: { text: "hello" } });
    await sim.bot(bot.id).waitUntilIdle();
    await receiver.stop();
  });

  it("gets rising ids and one chat in order, one at a time", async () => {
    const { receiver, user, bot } = await hooked();
    for (let n = 1; n <= 20; n++) await user.send(bot.id, `${n}`);
    const arrivals = await receiver.until(21);
    expect(arrivals.map(textOf)).toEqual(["hello", ...Array.from({ length: 20 }, (_, n) => `${n + 1}`)]);
    expect(Math.max(...arrivals.map(({ open }) => open))).toBe(1);
    const ids = arrivals.map(({ update }) => update.update_id ?? 0);
    expect(ids).toEqual(ids.map((_, n) => (ids[0] ?? 0) + n));
    await receiver.stop();
  });

  it("gets other chats meanwhile, up to max_connections", async () => {
    const hold = gate();
    const { receiver, sim, bot } = await hooked(() => hold.opened.then(() => ({})), { max_connections: 3 });
    for (let id = 1; id <= 5; id++) await sim.user(id).send(bot.id, "hi");
    await receiver.until(3);
    // A call that goes the same way shows that no fourth request was under way.
    await sim.bot(bot.id).get();
    expect(receiver.arrivals).toHaveLength(3);
    hold.open();
    const all = await receiver.until(6);
    expect(Math.max(...all.map(({ open }) => open))).toBe(3);
    await receiver.stop();
  });

  it("gets a pressed button beside a message of the same chat", async () => {
    const hold = gate();
    const { receiver, user, bot } = await hooked(({ update }) =>
      "message" in update ? hold.opened.then(() => ({})) : {},
    );
    await receiver.until(1);
    await user.press(bot.id, { messageId: 1, data: "go" });
    const [, pressed] = await receiver.until(2);
    expect(pressed?.update).toMatchObject({ callback_query: { data: "go" } });
    hold.open();
    await receiver.stop();
  });

  it("is tried again at once and then after growing waits, while the rest of the chat queues", async () => {
    let failures = 4;
    const { receiver, user, bot, sim, api } = await hooked(() => (failures-- > 0 ? { status: 503 } : {}));
    await user.send(bot.id, "second");
    const arrivals = await receiver.until(6);
    expect(arrivals.map(textOf)).toEqual(["hello", "hello", "hello", "hello", "hello", "second"]);
    const waits = arrivals.slice(1, 5).map(({ at }, n) => at - (arrivals[n]?.at ?? 0));
    // 0, 2, 4 and 8 seconds, at a fiftieth of their length; a timer may be a millisecond early.
    expect(waits.map((ms, n) => ms >= ([0, 39, 79, 159][n] ?? 0))).toEqual([true, true, true, true]);
    await sim.bot(bot.id).waitUntilIdle();
    expect(await api.getWebhookInfo()).toMatchObject({
      pending_update_count: 0,
      last_error_message: "Wrong response from the webhook: 503 Service Unavailable",
    });
    const attempts = await sim.ledger({ kind: "delivery", botId: bot.id });
    expect(attempts).toMatchObject([
      { attempt: 1, status: 503, outcome: "retried", retryInMs: 0 },
      { attempt: 2, status: 503, outcome: "retried", retryInMs: 40 },
      { attempt: 3, status: 503, outcome: "retried", retryInMs: 80 },
      { attempt: 4, status: 503, outcome: "retried", retryInMs: 160 },
      { attempt: 5, status: 200, outcome: "accepted" },
      { attempt: 1, status: 200, outcome: "accepted" },
    ]);
    await receiver.stop();
  });

  it("that says Retry-After is left in peace for so long", async () => {
    let first = true;
    const { receiver } = await hooked(() => {
      const reply = first ? { status: 503, headers: { "retry-after": "10" } } : {};
      first = false;
      return reply;
    });
    const [one, two] = await receiver.until(2);
    expect((two?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(199);
    await receiver.stop();
  });

  it("that hangs up is tried again", async () => {
    let first = true;
    const { receiver, bot, sim, api } = await hooked(() => {
      const reply = { hangUp: first };
      first = false;
      return reply;
    });
    await receiver.until(2);
    await sim.bot(bot.id).waitUntilIdle();
    expect((await api.getWebhookInfo()).last_error_message).toBe("Connection closed");
    await receiver.stop();
  });

  it("that answers with a method has it run as the bot's call", async () => {
    const { receiver, sim, bot, userId } = await hooked(({ update }) => {
      const chat_id = JSON.parse(JSON.stringify(update)).message.chat.id;
      return { body: JSON.stringify({ method: "sendMessage", chat_id, text: "by reply" }) };
    });
    const [reply] = await sim.waitForReply({ botId: bot.id, chatId: userId });
    expect(reply?.text).toBe("by reply");
    expect(await sim.ledger({ method: "sendMessage", botId: bot.id })).toMatchObject([
      { via: "webhook-reply", executed: true },
    ]);
    await receiver.stop();
  });

  it("cannot change itself by such an answer", async () => {
    const { receiver, sim, bot } = await hooked(() => ({ body: '{"method":"deleteWebhook"}' }));
    await receiver.until(1);
    await sim.bot(bot.id).waitUntilIdle();
    expect((await sim.bot(bot.id).webhook()).url).toBe(receiver.url);
    await receiver.stop();
  });

  it("that is replaced gets nothing any more, and the new one what is left", async () => {
    const { receiver, api, sim, bot, user } = await hooked(() => ({ status: 500, headers: { "retry-after": "3600" } }));
    await receiver.until(1);
    const successor = await startReceiver();
    await sim.bot(bot.id).get();
    await until(() => refusal(api.setWebhook(successor.url, { secret_token: "new" })));
    await user.send(bot.id, "second");
    const arrivals = await successor.until(2);
    expect(arrivals.map(textOf)).toEqual(["hello", "second"]);
    expect(arrivals[0]?.headers["x-telegram-bot-api-secret-token"]).toBe("new");
    expect(receiver.arrivals).toHaveLength(1);
    await Promise.all([receiver.stop(), successor.stop()]);
  });

  it("loses what waits only when asked to drop it", async () => {
    const { api, bot, sim } = await meeting();
    const receiver = await startReceiver();
    await api.deleteWebhook({ drop_pending_updates: true });
    await api.setWebhook(receiver.url);
    expect((await sim.bot(bot.id).webhook()).pendingUpdates).toBe(0);
    expect(receiver.arrivals).toHaveLength(0);
    await receiver.stop();
  });
});

/** Telegram takes one setWebhook a second (here: 20 ms). */
async function until(attempt: () => Promise<string>): Promise<void> {
  while ((await attempt()) !== "accepted");
}
