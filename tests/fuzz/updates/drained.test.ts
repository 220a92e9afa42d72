import { Language } from "@botfactory/proto/events/v1/account";
import { TurnSource } from "@botfactory/proto/events/v1/conversation";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { conversation } from "../../../services/conversation/src/domain/conversation.ts";
import type { Conversation } from "../../../services/conversation/src/domain/conversation-state.ts";
import { incomingUpdate } from "../../../services/conversation/src/domain/incoming-update.ts";
import { LONGEST_TEXT, nextStep, type WaitingUpdate } from "../../../services/conversation/src/domain/next-step.ts";
import { turnUpdate } from "../../../services/conversation/src/start-turn.ts";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { anyUpdate, type UpdateParts, updateJson } from "./update.ts";

const UPDATES_A_CHAT = 25;
const numRuns = countOf({ short: 100, full: 4_000 });

function waitingOf(parts: UpdateParts, index: number): WaitingUpdate {
  const content = incomingUpdate(JSON.parse(updateJson(parts).text));
  return { updateId: `${index % 20}`, streamSequence: BigInt(index + 1), isRepeat: index >= 20, content };
}

function decided(state: Conversation, command: Parameters<typeof conversation.decide>[0]): Conversation {
  return conversation.decide(command, state).reduce<Conversation>(conversation.evolve, state);
}

/** One step as the worker takes it, with a model that answers nothing. */
function afterStep(state: Conversation, waiting: readonly WaitingUpdate[]): Conversation {
  const step = nextStep(waiting);
  if (step.kind === "nothing") throw new Error("updates wait, yet nothing is to be done");
  expect(step.updates).toEqual(waiting.slice(0, step.updates.length));
  expect(step.updates.length).toBeGreaterThan(0);
  const updates = step.updates.map(turnUpdate);
  if (step.kind === "pass-over") return decided(state, { type: "PassOverUpdates", updates, reason: step.reason });
  if (updates.length > 1) expect(step.text.length).toBeLessThanOrEqual(LONGEST_TEXT);
  const claim = { turnId: "turn", workerId: "worker" };
  const sealedText = Buffer.from(step.text);
  const opened = { ownerId: "owner", sealedIdentity: Buffer.from(step.chat.chatId) };
  const turn = { language: Language.EN, source: TurnSource.TELEGRAM, startedAtUnixMs: 0n, opened };
  const started = decided(state, { type: "StartTurn", ...claim, updates, sealedText, ...turn });
  return decided(started, { type: "GiveUpDelivery", ...claim, code: "bot_blocked_by_user" });
}

describe("a chat full of updates of any shape", () => {
  it(
    "is worked off to its last update, each taken once, in as many steps at most as there are updates",
    () => {
      const seconds = stopwatch();
      const chat = fc.array(anyUpdate(), { minLength: 1, maxLength: UPDATES_A_CHAT });
      let updates = 0;
      const check = fc.property(chat, (all) => {
        updates += all.length;
        let waiting: readonly WaitingUpdate[] = all.map(waitingOf);
        let state = conversation.initial;
        for (let steps = 0; waiting.length > 0 && steps < all.length; steps++) {
          state = afterStep(state, waiting.slice(0, 10));
          waiting = waiting.filter(({ streamSequence }) => streamSequence > state.cursor);
        }
        expect({ left: waiting.length, turn: state.turn }).toEqual({ left: 0, turn: undefined });
        const taken = state.seen.filter((id) => id !== "");
        expect(taken).toHaveLength(all.length);
      });
      fc.assert(check, { seed: seedOfRun(), numRuns });
      report("updates-at-the-decider", { chats: numRuns, updates, seconds: seconds() });
    },
    timeFor(30_000),
  );
});
