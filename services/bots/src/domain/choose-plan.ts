import {
  BotPausedSchema,
  BotResumedSchema,
  PauseReason,
  type Plan,
  PlanChangedSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { type Account, type AccountFact, runningBots } from "./account-state.ts";
import { allowanceOf, type Plans } from "./plan.ts";

export interface ChoosePlan {
  readonly type: "ChoosePlan";
  readonly plan: Plan;
}

/**
 * Nothing is deleted. Too many bots for the plan: the youngest running ones are paused, the oldest stay. Room again:
 * those the plan had paused run again, oldest first. The same plan once more applies a limit changed by configuration.
 */
export function choosePlan(plans: Plans, { plan }: ChoosePlan, state: Account): readonly AccountFact[] {
  const limit = allowanceOf(plans, plan).bots;
  const running = runningBots(state);
  const waiting = state.bots.filter(({ pausedBy }) => pausedBy === PauseReason.PLAN);
  const changed: readonly AccountFact[] =
    plan === state.plan ? [] : [{ case: "planChanged", value: create(PlanChangedSchema, { plan }) }];
  return [
    ...changed,
    ...running.slice(limit).map(({ id }) => pausedByPlan(id)),
    ...waiting.slice(0, Math.max(0, limit - running.length)).map(({ id }) => resumed(id, limit)),
  ];
}

function pausedByPlan(botId: string): AccountFact {
  return { case: "botPaused", value: create(BotPausedSchema, { botId, reason: PauseReason.PLAN }) };
}

function resumed(botId: string, planBots: number): AccountFact {
  return { case: "botResumed", value: create(BotResumedSchema, { botId, planBots }) };
}
