import { BotState } from "@botfactory/proto/bots/v1/bots";
import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { as, newBot, putOn, refusalOf, request, type Stage, type StartedBots, stage, until } from "./stage.ts";

let scene: Stage;
let bots: StartedBots;
let second: StartedBots;

beforeAll(async () => {
  scene = await stage();
  bots = await scene.start();
  second = await scene.start();
});
afterAll(() => scene.close());

describe("a new owner", () => {
  it("has an account on the free plan", async () => {
    expect(await bots.client.getAccount({}, as("new"))).toMatchObject({
      ownerId: "new",
      plan: Plan.FREE,
      bots: 0,
      botsLimit: 1,
      messagesADay: 200,
    });
  });

  it("creates a bot and reads it back at once, from any process", async () => {
    const { bot, botId, revision, token } = await newBot(scene, bots.client, "first");
    expect(bot).toMatchObject({ name: "Ada", language: Language.UZ, promptVersion: 1, state: BotState.ACTIVE });
    expect(bot.tokenLast4).toBe(token.slice(-4));
    expect(botId).toMatch(/^[a-z2-7]{20}$/);
    for (const { client } of [bots, second]) {
      const read = await client.getBot({ botId, atLeastRevision: revision }, as("first"));
      expect(read.bot).toEqual(bot);
    }
  });
});

describe("fifty creations at once on the free plan, over two processes", () => {
  it("give exactly one bot and 49 clear refusals", async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => scene.telegram.createBot()));
    const outcomes = await Promise.allSettled(
      tokens.map(({ token }, index) => (index % 2 === 0 ? bots : second).client.createBot(request(token), as("eager"))),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refusals).toHaveLength(49);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ kind: "exhausted", code: "plan_limit_reached", params: { limit: "1" } });
    }
    const { bots: count } = await bots.client.getAccount({}, as("eager"));
    expect(count).toBe(1);
  });

  it("leave the 49 Telegram bots free for others", async () => {
    const { token } = await scene.telegram.createBot();
    await refusalOf(bots.client.createBot(request(token), as("eager")));
    expect((await bots.client.createBot(request(token), as("patient"))).bot).toBeDefined();
  });
});

describe("one token of twenty owners at once", () => {
  it("becomes exactly one bot, and nobody learns whose", async () => {
    const { token } = await scene.telegram.createBot();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? bots : second).client.createBot(request(token), as(`rival${n}`)),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      expect(outcome.reason).toMatchObject({ kind: "conflict", code: "token_taken", params: {} });
    }
  });
});

describe("a creation that is refused", () => {
  const refused = async (ownerId: string, more: Parameters<typeof request>[1]) => {
    const { token } = await scene.telegram.createBot();
    return (await refusalOf(bots.client.createBot(request(token, more), as(ownerId)))).code;
  };

  it.each([
    ["field_required", "no name", { name: " " }],
    ["field_invalid", "a name of 65 characters", { name: "x".repeat(65) }],
    ["field_invalid", "NUL in the name", { name: `A${String.fromCharCode(0)}da` }],
    ["field_invalid", "a description of 501 characters", { description: "x".repeat(501) }],
    ["field_invalid", "no language", { language: Language.UNSPECIFIED }],
    ["prompt_empty", "an empty prompt", { systemPrompt: "" }],
    ["prompt_too_long", "a prompt of 10,000 characters", { systemPrompt: "x".repeat(10_000) }],
    ["field_invalid", "NUL in the prompt", { systemPrompt: `You${String.fromCharCode(0)}` }],
    ["token_invalid", "a token that is none", { telegramToken: "hello" }],
    ["token_invalid", "a token Telegram does not know", { telegramToken: `123456789:${"A".repeat(35)}` }],
  ])("says %s for %s and stores nothing", async (code, _, more) => {
    expect(await refused("clumsy", more)).toBe(code);
    expect((await bots.client.getAccount({}, as("clumsy"))).bots).toBe(0);
  });

  it("keeps a lone surrogate out of the prompt", async () => {
    const { token } = await scene.telegram.createBot();
    const systemPrompt = `You ${String.fromCharCode(0xd83d)} are Ada.`;
    // A protobuf string is UTF-8, which has no lone surrogates: the encoder replaces it before it leaves the caller.
    const { bot } = await bots.client.createBot(request(token, { systemPrompt }), as("surrogate"));
    expect(bot?.systemPrompt).toBe("You \u{fffd} are Ada.");
  });

  it("asks Telegram nothing about what does not look like a token", async () => {
    await scene.telegram.clearLedger();
    await refused("clumsy", { telegramToken: "123456789:short" });
    expect(await scene.telegram.ledger({ method: "getMe" })).toEqual([]);
  });

  it("by the plan is refused before Telegram is asked", async () => {
    await newBot(scene, bots.client, "full");
    await scene.telegram.clearLedger();
    expect(await refused("full", {})).toBe("plan_limit_reached");
    expect(await scene.telegram.ledger({ method: "getMe" })).toEqual([]);
  });

  it("says that Telegram cannot be reached while it cannot", async () => {
    await scene.telegram.fault({ kind: "reset-before", method: "getMe" });
    expect(await refused("unlucky", {})).toBe("telegram_unreachable");
  });
});

describe("changing a bot", () => {
  it("shows the change in the log's answer and in the read model", async () => {
    const { botId } = await newBot(scene, bots.client, "editor");
    const change = { botId, name: "Grace", systemPrompt: "You are Grace.", language: Language.EN };
    const { bot, revision } = await bots.client.updateBot(change, as("editor"));
    expect(bot).toMatchObject({
      name: "Grace",
      promptVersion: 2,
      language: Language.EN,
      description: "Answers customers",
    });
    expect((await second.client.getBot({ botId, atLeastRevision: revision }, as("editor"))).bot).toEqual(bot);
  });

  it("pauses and resumes it", async () => {
    const { botId } = await newBot(scene, bots.client, "pauser");
    expect((await bots.client.updateBot({ botId, paused: true }, as("pauser"))).bot?.state).toBe(BotState.PAUSED);
    expect((await bots.client.updateBot({ botId, paused: false }, as("pauser"))).bot?.state).toBe(BotState.ACTIVE);
  });

  it("takes a new token of the same Telegram bot only", async () => {
    const { botId, telegramBotId } = await newBot(scene, bots.client, "rotator");
    const other = await scene.telegram.createBot();
    const refusal = await refusalOf(
      bots.client.updateBot({ botId, telegramToken: other.token, name: "Eve" }, as("rotator")),
    );
    expect(refusal).toMatchObject({ kind: "conflict", code: "token_of_other_bot" });
    const token = await scene.telegram.bot(telegramBotId).rotate();
    const { bot } = await bots.client.updateBot({ botId, telegramToken: token }, as("rotator"));
    expect(bot).toMatchObject({ name: "Ada", tokenLast4: token.slice(-4) });
    expect((await bots.conversation.getBotForReply({ botId })).telegramToken).toBe(token);
  });
});

describe("deleting a bot", () => {
  it("frees its place in the plan and its Telegram bot", async () => {
    const { botId, token } = await newBot(scene, bots.client, "leaver");
    const { revision } = await bots.client.deleteBot({ botId }, as("leaver"));
    expect((await refusalOf(bots.client.getBot({ botId, atLeastRevision: revision }, as("leaver")))).code).toBe(
      "bot_not_found",
    );
    expect((await refusalOf(bots.conversation.getBotForReply({ botId }))).code).toBe("bot_not_found");
    expect((await bots.client.createBot(request(token), as("successor"))).bot?.id).not.toBe(botId);
  });

  it("destroys its key", async () => {
    const { botId } = await newBot(scene, bots.client, "eraser");
    const { streams } = await scene.nats.jetstreamManager();
    const sizeOfKey = async () => (await streams.getMessage("KEYS", { last_by_subj: `keys.bot.${botId}` })).data.length;
    expect(await sizeOfKey()).toBeGreaterThan(32);
    await bots.client.deleteBot({ botId }, as("eraser"));
    await until(async () => (await sizeOfKey()) === 0);
  });

  it("works when Telegram is away", async () => {
    const { botId } = await newBot(scene, bots.client, "offline");
    await scene.telegram.fault({ kind: "reset-before", method: "deleteWebhook" });
    expect((await bots.client.deleteBot({ botId }, as("offline"))).revision).toBeGreaterThan(0n);
  });
});

describe("the list of bots", () => {
  it("comes in pages, oldest first", async () => {
    await putOn(bots.client, "lister", Plan.STARTER);
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push((await newBot(scene, bots.client, "lister")).botId);
    const { revision } = await bots.client.updateBot({ botId: made[0] ?? "", name: "Oldest" }, as("lister"));
    const first = await bots.client.listBots({ pageSize: 3, atLeastRevision: revision }, as("lister"));
    const rest = await bots.client.listBots({ pageSize: 3, pageToken: first.nextPageToken }, as("lister"));
    expect([...first.bots, ...rest.bots].map(({ id }) => id)).toEqual(made);
    expect(rest.nextPageToken).toBe("");
  });

  it.each(["x", "1-1", '{"$gt":""}', "1700000000000-AAAAAAAAAAAAAAAAAAAA"])(
    "refuses the page token %j",
    async (pageToken) => {
      const refusal = await refusalOf(bots.client.listBots({ pageToken }, as("lister")));
      expect(refusal).toMatchObject({ code: "field_invalid", params: { field: "pageToken" } });
    },
  );
});

describe("a change of plan", () => {
  it("pauses the youngest bots and resumes them on the way back", async () => {
    await putOn(bots.client, "mover", Plan.STARTER);
    const made: string[] = [];
    for (let n = 0; n < 3; n++) made.push((await newBot(scene, bots.client, "mover")).botId);
    const down = await putOn(bots.client, "mover", Plan.FREE);
    expect(down.pausedBotIds).toEqual(made.slice(1));
    const states = async (revision: bigint) =>
      (await bots.client.listBots({ atLeastRevision: revision }, as("mover"))).bots.map(({ state }) => state);
    expect(await states(down.revision)).toEqual([BotState.ACTIVE, BotState.PAUSED_BY_PLAN, BotState.PAUSED_BY_PLAN]);
    const resume = bots.client.updateBot({ botId: made[2] ?? "", paused: false }, as("mover"));
    expect((await refusalOf(resume)).code).toBe("plan_limit_reached");
    const up = await putOn(bots.client, "mover", Plan.STARTER);
    expect(up.pausedBotIds).toEqual([]);
    expect(await states(up.revision)).toEqual([BotState.ACTIVE, BotState.ACTIVE, BotState.ACTIVE]);
  });

  it("is refused for a plan that does not exist", async () => {
    expect((await refusalOf(putOn(bots.client, "mover", Plan.UNSPECIFIED))).code).toBe("field_invalid");
  });
});
