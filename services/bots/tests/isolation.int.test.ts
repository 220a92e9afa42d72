import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  as,
  type BotsClient,
  newBot,
  putOn,
  refusalOf,
  request,
  type Stage,
  type StartedBots,
  stage,
} from "./stage.ts";

let scene: Stage;
let bots: StartedBots;
let botId: string;
let spareToken: string;

beforeAll(async () => {
  scene = await stage();
  bots = await scene.start();
  ({ botId } = await newBot(scene, bots.client, "ada"));
  const { revision } = await bots.client.setWebhook({ botId, baseUrl: "http://127.0.0.1:1" }, as("ada"));
  await bots.client.getBot({ botId, atLeastRevision: revision }, as("ada"));
  ({ token: spareToken } = await scene.telegram.createBot());
});
afterAll(() => scene.close());

type Method = keyof typeof BotsService.method;
type Options = { readonly as: string } | undefined;
/** What another owner gets: the code of the refusal, or an answer in which nothing of Ada's may be. */
type Row = { readonly call: (client: BotsClient, options: Options) => Promise<unknown>; readonly refusal?: string };

/** A method of the service without a row does not compile. */
const table: Record<Method, Row> = {
  getAccount: { call: (client, options) => client.getAccount({}, options) },
  createBot: { call: (client, options) => client.createBot(request(spareToken), options) },
  listBots: { call: (client, options) => client.listBots({}, options) },
  getBot: { call: (client, options) => client.getBot({ botId }, options), refusal: "bot_not_found" },
  updateBot: { call: (client, options) => client.updateBot({ botId, name: "Eve" }, options), refusal: "bot_not_found" },
  deleteBot: { call: (client, options) => client.deleteBot({ botId }, options), refusal: "bot_not_found" },
  setWebhook: {
    call: (client, options) => client.setWebhook({ botId, baseUrl: "http://127.0.0.1:2" }, options),
    refusal: "bot_not_found",
  },
  deleteWebhook: { call: (client, options) => client.deleteWebhook({ botId }, options), refusal: "bot_not_found" },
  getWebhookStatus: {
    call: (client, options) => client.getWebhookStatus({ botId }, options),
    refusal: "bot_not_found",
  },
  setPlan: {
    call: (client, options) => client.setPlan({ ownerId: "ada", plan: Plan.PREMIUM }, options),
    refusal: "forbidden",
  },
  getBotForReply: { call: (client, options) => client.getBotForReply({ botId }, options), refusal: "forbidden" },
  getPollingToken: { call: (client, options) => client.getPollingToken({ botId }, options), refusal: "forbidden" },
  reportTokenRevoked: {
    call: (client, options) => client.reportTokenRevoked({ botId }, options),
    refusal: "forbidden",
  },
};

const shown = (answer: unknown) =>
  JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? value.toString() : value));

describe("another owner", () => {
  it("meets every method of the service in this table", () =>
    expect(Object.keys(table).sort()).toEqual(BotsService.methods.map(({ localName }) => localName).sort()));

  it.each(Object.entries(table))("by %s reaches nothing of Ada's", async (_, { call, refusal }) => {
    const before = shown(await adasBot());
    if (refusal === undefined) {
      const answer = shown(await call(bots.client, as("bob")));
      expect(answer).not.toContain(botId);
      expect(answer).not.toContain("ada");
    } else expect((await refusalOf(call(bots.client, as("bob")))).code).toBe(refusal);
    expect(shown(await adasBot())).toBe(before);
  });

  it("is told of Ada's bot what is told of one that never was", async () => {
    for (const id of [botId, "a".repeat(20), "", "*", "../ada", '{"$ne":null}']) {
      const refusal = await refusalOf(bots.client.getBot({ botId: id }, as("bob")));
      expect({ ...refusal, cause: undefined }).toMatchObject({ kind: "not-found", code: "bot_not_found", params: {} });
    }
  });

  it("who is an administrator changes plans but sees no bot", async () => {
    expect((await putOn(bots.client, "carol", Plan.BASIC)).plan).toBe(Plan.BASIC);
    const refusal = await refusalOf(bots.client.getBot({ botId }, { as: "admin-root" }));
    expect(refusal.code).toBe("bot_not_found");
  });
});

describe("a service", () => {
  const allowed: Partial<Record<Method, string>> = {
    getBotForReply: "conversation",
    reportTokenRevoked: "conversation",
    getPollingToken: "ingress",
  };

  it.each(Object.entries(table))("may call %s only when the table of access names it", async (method, { call }) => {
    const [, service] = Object.entries(allowed).find(([name]) => name === method) ?? [];
    for (const [name, client] of Object.entries({ web: bots.client, conversation: bots.conversation })) {
      if (name === service) continue;
      expect((await refusalOf(call(client, undefined))).code).toBe("forbidden");
    }
  });

  it("that is nobody is not let in", async () => {
    const refusal = await refusalOf(bots.client.getAccount({}, { as: "eyJhbGciOiJIUzI1NiJ9.e30.x" }));
    expect(refusal.code).toBe("unauthenticated");
  });
});

/** All there is of Ada: her account, her bot, her webhook's status and what ingress knows. */
async function adasBot(): Promise<unknown> {
  const { status } = await bots.client.getWebhookStatus({ botId }, as("ada"));
  return {
    account: await bots.client.getAccount({}, as("ada")),
    bot: await bots.conversation.getBotForReply({ botId }),
    // Telegram's own view of its last delivery moves by itself.
    url: status?.url,
    registration: await scene.registration(botId),
  };
}
