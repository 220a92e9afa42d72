import { fold } from "@botfactory/decider";
import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { describe, it } from "@jest/globals";
import fc from "fast-check";
import { type AccountCommand, account } from "./account.ts";
import { type Account, type AccountFact, runningBots } from "./account-state.ts";
import { allowanceOf, type Plans } from "./plan.ts";

const allowing = (bots: number) => ({ bots, messagesADay: 1, historyTurns: 1 });
const plans: Plans = { free: allowing(1), starter: allowing(2), basic: allowing(3), premium: allowing(5) };
const decider = account(plans);

const botId = fc.integer({ min: 1, max: 8 }).map(String);
const create = botId.map(
  (id): AccountCommand => ({
    type: "CreateBot",
    botId: id,
    name: "Ada",
    description: "",
    language: Language.EN,
    systemPrompt: "You are Ada.",
    telegramBotId: id,
    telegramUsername: "ada_bot",
    sealedToken: new Uint8Array(),
    tokenLast4: "abcd",
    sealedChatKeySecret: new Uint8Array(),
    createdAtUnixMs: 0n,
  }),
);
const command: fc.Arbitrary<AccountCommand> = fc.oneof(
  create,
  fc.record({ type: fc.constant("ChangeBot" as const), botId, paused: fc.boolean() }),
  fc.record({ type: fc.constant("DeleteBot" as const), botId }),
  fc.record({
    type: fc.constant("ChoosePlan" as const),
    plan: fc.constantFrom(Plan.FREE, Plan.STARTER, Plan.BASIC, Plan.PREMIUM),
  }),
);

function history(commands: readonly AccountCommand[], check: (state: Account, facts: readonly AccountFact[]) => void) {
  commands.reduce((state, next) => {
    const facts = decideOrNothing(next, state);
    const evolved = fold({ ...decider, initial: state }, facts);
    check(evolved, facts);
    return evolved;
  }, decider.initial);
}

function decideOrNothing(next: AccountCommand, state: Account): readonly AccountFact[] {
  try {
    return decider.decide(next, state);
  } catch {
    return [];
  }
}

describe("no sequence of commands", () => {
  it("lets more bots run than the plan allows", () =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) =>
        history(commands, (state) => {
          if (runningBots(state).length > allowanceOf(plans, state.plan).bots) throw new Error("too many run");
        }),
      ),
      { numRuns: 500 },
    ));

  it("creates a bot beyond the plan's limit", () =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) =>
        history(commands, (state, facts) => {
          const created = facts.some((fact) => fact.case === "botCreated");
          if (created && state.bots.length > allowanceOf(plans, state.plan).bots) throw new Error("one too many");
        }),
      ),
      { numRuns: 500 },
    ));

  it("gives two bots one id", () =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) =>
        history(commands, ({ bots }) => {
          if (new Set(bots.map(({ id }) => id)).size < bots.length) throw new Error("an id twice");
        }),
      ),
    ));
});
