import { specFor } from "@botfactory/decider/testing";
import {
  AccountOpenedSchema,
  BotCreatedSchema,
  BotDeletedSchema,
  BotDescribedSchema,
  BotPausedSchema,
  BotResumedSchema,
  Language,
  LanguageChosenSchema,
  PauseReason,
  Plan,
  PlanChangedSchema,
  PromptPublishedSchema,
  TokenReplacedSchema,
  TokenRevokedSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { account, type CreateBot } from "./account.ts";
import { type AccountFact, evolve, newAccount } from "./account-state.ts";
import { defaultPlans } from "./plan.ts";

const given = specFor(account(defaultPlans));

const bytes = (text: string) => new TextEncoder().encode(text);
const details = (botId: string) => ({
  botId,
  name: "Ada",
  description: "Answers customers",
  language: Language.UZ,
  systemPrompt: "You are Ada.",
  telegramBotId: `70000${botId}`,
  telegramUsername: `ada_${botId}_bot`,
  sealedToken: bytes("sealed"),
  tokenLast4: "abcd",
  sealedChatKeySecret: bytes("sealed too"),
  createdAtUnixMs: 1_700_000_000_000n,
});
const createBot = (botId: string): CreateBot => ({ type: "CreateBot", ...details(botId) });

const opened: AccountFact = { case: "accountOpened", value: create(AccountOpenedSchema, { plan: Plan.FREE }) };
/** What the plans allow by default: an event that takes a place notes it. */
const FREE = 1;
const STARTER = 5;
const created = (id: string, planBots = FREE): AccountFact => ({
  case: "botCreated",
  value: create(BotCreatedSchema, { ...details(id), planBots }),
});
const deleted = (id: string): AccountFact => ({ case: "botDeleted", value: create(BotDeletedSchema, { botId: id }) });
const onPlan = (plan: Plan): AccountFact => ({ case: "planChanged", value: create(PlanChangedSchema, { plan }) });
const paused = (id: string, reason: PauseReason): AccountFact => ({
  case: "botPaused",
  value: create(BotPausedSchema, { botId: id, reason }),
});
const resumed = (id: string, planBots = FREE): AccountFact => ({
  case: "botResumed",
  value: create(BotResumedSchema, { botId: id, planBots }),
});
const revoked: AccountFact = { case: "tokenRevoked", value: create(TokenRevokedSchema, { botId: "1" }) };

const newToken = {
  telegramBotId: "700001",
  telegramUsername: "ada_1_bot",
  sealedToken: bytes("new"),
  tokenLast4: "wxyz",
};
const { telegramBotId: _, ...replacement } = newToken;
const replaced: AccountFact = {
  case: "tokenReplaced",
  value: create(TokenReplacedSchema, { botId: "1", ...replacement }),
};

describe("somebody new", () => {
  it("gets an account on the free plan", () => given().when({ type: "OpenAccount" }).then(opened));
  it("gets the account together with a first bot", () => given().when(createBot("1")).then(opened, created("1")));
  it("has no bot to change", () => given().when({ type: "ChangeBot", botId: "1" }).thenRefuses("bot_not_found"));
});

describe("an owner on the free plan", () => {
  it("keeps the account that is there", () => given(opened).when({ type: "OpenAccount" }).then());
  it("creates a first bot", () => given(opened).when(createBot("1")).then(created("1")));
  it("is refused a second bot", () =>
    given(opened, created("1")).when(createBot("2")).thenRefuses("plan_limit_reached"));
  it("hears the limit and the plan", () =>
    expect(() =>
      account(defaultPlans).decide(createBot("2"), [opened, created("1")].reduce(evolve, newAccount)),
    ).toThrow(expect.objectContaining({ params: { plan: "free", limit: "1" } })));
  it("has created the bot also when the command comes twice", () =>
    given(opened, created("1")).when(createBot("1")).then());
  it("cannot make room by pausing the bot", () =>
    given(opened, created("1"), paused("1", PauseReason.OWNER)).when(createBot("2")).thenRefuses("plan_limit_reached"));
  it("makes room by deleting the bot", () =>
    given(opened, created("1"), deleted("1")).when(createBot("2")).then(created("2")));
  it("never gets a deleted bot back", () =>
    given(opened, created("1"), deleted("1")).when(createBot("1")).thenRefuses("bot_not_found"));
  it("may have five bots once on starter", () =>
    given(opened, onPlan(Plan.STARTER), created("1")).when(createBot("2")).then(created("2", STARTER)));
});

describe("changing a bot", () => {
  const change = { type: "ChangeBot", botId: "1" } as const;

  it("describes it anew", () =>
    given(opened, created("1"))
      .when({ ...change, name: "Grace" })
      .then({
        case: "botDescribed",
        value: create(BotDescribedSchema, { botId: "1", name: "Grace", description: "Answers customers" }),
      }));
  it("publishes each prompt as the next version", () =>
    given(opened, created("1"))
      .when({ ...change, systemPrompt: "You are Grace." })
      .then({
        case: "promptPublished",
        value: create(PromptPublishedSchema, { botId: "1", version: 2, systemPrompt: "You are Grace." }),
      }));
  it("chooses another language", () =>
    given(opened, created("1"))
      .when({ ...change, language: Language.RU })
      .then({ case: "languageChosen", value: create(LanguageChosenSchema, { botId: "1", language: Language.RU }) }));
  it("does nothing when all is as it was", () =>
    given(opened, created("1"))
      .when({ ...change, name: "Ada", language: Language.UZ, systemPrompt: "You are Ada.", paused: false })
      .then());
  it("replaces the token by one of the same Telegram bot", () =>
    given(opened, created("1"))
      .when({ ...change, token: newToken })
      .then(replaced));
  it("is refused the token of another Telegram bot", () =>
    given(opened, created("1"))
      .when({ ...change, name: "Grace", token: { ...newToken, telegramBotId: "700002" } })
      .thenRefuses("token_of_other_bot"));
  it("is refused for a bot that was deleted", () =>
    given(opened, created("1"), deleted("1"))
      .when({ ...change, name: "Grace" })
      .thenRefuses("bot_not_found"));
});

describe("pausing", () => {
  it("stops a bot once", () =>
    given(opened, created("1"))
      .when({ type: "ChangeBot", botId: "1", paused: true })
      .then(paused("1", PauseReason.OWNER)));
  it("has nothing to do on a paused bot", () =>
    given(opened, created("1"), paused("1", PauseReason.OWNER))
      .when({ type: "ChangeBot", botId: "1", paused: true })
      .then());
  it("ends by resuming", () =>
    given(opened, created("1"), paused("1", PauseReason.OWNER))
      .when({ type: "ChangeBot", botId: "1", paused: false })
      .then(resumed("1")));
});

describe("an owner who moves to a smaller plan", () => {
  const four = [opened, onPlan(Plan.STARTER), created("1"), created("2"), created("3"), created("4")];
  const downgraded = [
    ...four,
    onPlan(Plan.FREE),
    paused("2", PauseReason.PLAN),
    paused("3", PauseReason.PLAN),
    paused("4", PauseReason.PLAN),
  ];

  it("keeps every bot; the oldest runs on, the youngest pause", () =>
    given(...four)
      .when({ type: "ChoosePlan", plan: Plan.FREE })
      .then(...downgraded.slice(four.length)));
  it("does not lose the one that runs because an older one was paused by hand", () =>
    given(...four.slice(0, 4), paused("1", PauseReason.OWNER))
      .when({ type: "ChoosePlan", plan: Plan.FREE })
      .then(onPlan(Plan.FREE)));
  it("cannot resume one more than the plan allows", () =>
    given(...downgraded)
      .when({ type: "ChangeBot", botId: "3", paused: false })
      .thenRefuses("plan_limit_reached"));
  it("may let another bot run instead", () =>
    given(...downgraded, paused("1", PauseReason.OWNER))
      .when({ type: "ChangeBot", botId: "3", paused: false })
      .then(resumed("3")));
  it("gets them back on a bigger plan, oldest first", () =>
    given(...downgraded)
      .when({ type: "ChoosePlan", plan: Plan.STARTER })
      .then(onPlan(Plan.STARTER), ...["2", "3", "4"].map((id) => resumed(id, STARTER))));
  it("does not get back what was paused by hand", () =>
    given(...downgraded, paused("3", PauseReason.OWNER))
      .when({ type: "ChoosePlan", plan: Plan.STARTER })
      .then(onPlan(Plan.STARTER), resumed("2", STARTER), resumed("4", STARTER)));
});

describe("choosing a plan", () => {
  it("opens the account of somebody never seen", () =>
    given().when({ type: "ChoosePlan", plan: Plan.BASIC }).then(opened, onPlan(Plan.BASIC)));
  it("does nothing when it is the plan already", () =>
    given(opened).when({ type: "ChoosePlan", plan: Plan.FREE }).then());
});

describe("a token Telegram no longer accepts", () => {
  const report = { type: "RevokeToken", botId: "1", tokenVersion: 1 } as const;

  it("is noted once", () => given(opened, created("1")).when(report).then(revoked));
  it("is not noted twice", () => given(opened, created("1"), revoked).when(report).then());
  it("is not held against the token that replaced it", () => given(opened, created("1"), replaced).when(report).then());
  it("is forgotten when a new token comes", () =>
    given(opened, created("1"), revoked, replaced)
      .when({ ...report, tokenVersion: 2 })
      .then(revoked));
});

describe("deleting a bot", () => {
  it("is noted", () => given(opened, created("1")).when({ type: "DeleteBot", botId: "1" }).then(deleted("1")));
  it("is refused for a bot nobody has", () =>
    given(opened).when({ type: "DeleteBot", botId: "1" }).thenRefuses("bot_not_found"));
});
