import { DomainError } from "@botfactory/decider";
import { Plan } from "@botfactory/proto/events/v1/account";
import type { Account } from "./account-state.ts";

/** What a plan allows its owner. */
export interface PlanAllowance {
  readonly bots: number;
  readonly messagesADay: number;
  readonly historyTurns: number;
}

export type PlanName = "free" | "starter" | "basic" | "premium";

export type Plans = Readonly<Record<PlanName, PlanAllowance>>;

export const defaultPlans: Plans = {
  free: { bots: 1, messagesADay: 200, historyTurns: 10 },
  starter: { bots: 5, messagesADay: 2_000, historyTurns: 20 },
  basic: { bots: 15, messagesADay: 10_000, historyTurns: 30 },
  premium: { bots: 999, messagesADay: 100_000, historyTurns: 50 },
};

export function planName(plan: Plan): PlanName {
  switch (plan) {
    case Plan.STARTER:
      return "starter";
    case Plan.BASIC:
      return "basic";
    case Plan.PREMIUM:
      return "premium";
    // A plan of a newer version is read as the smallest one rather than as a promise nobody made.
    default:
      return "free";
  }
}

export function allowanceOf(plans: Plans, plan: Plan): PlanAllowance {
  return plans[planName(plan)];
}

/** Paused bots count: pausing one must not make room for another. */
export function refuseOneBotMore(plans: Plans, { plan, bots }: Account): void {
  refuseAtLimit(plans, plan, bots.length);
}

export function refuseAtLimit(plans: Plans, plan: Plan, bots: number): void {
  const limit = allowanceOf(plans, plan).bots;
  if (bots < limit) return;
  throw new DomainError("exhausted", "plan_limit_reached", { params: { plan: planName(plan), limit: String(limit) } });
}
