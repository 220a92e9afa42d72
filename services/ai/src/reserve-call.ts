import { DomainError } from "@botfactory/decider";
import type { Reservation } from "@botfactory/proto/events/v1/quota";
import { allowanceSubject } from "./allowances.ts";
import { allowanceSpent, mayCharge } from "./domain/allowance.ts";
import type { NextFree } from "./domain/free-calls.ts";
import type { Ledgers } from "./ledgers.ts";
import type { QuotaLedger } from "./quota-ledger.ts";
import type { RefusedKeys } from "./refused-keys.ts";
import type { TextModel } from "./text-model.ts";
import type { Admission } from "./waiting-wishes.ts";

/** A Google project with a key of its own: a quota of its own. */
export interface Project {
  readonly name: string;
  readonly model: TextModel;
}

/** A call that may begin now, and where. */
export interface ReservedCall {
  readonly project: Project;
  readonly ledger: QuotaLedger;
  readonly admission: Admission;
}

export interface CallWish {
  readonly model: string;
  readonly newReservation: () => Reservation;
  /** What the owner's plan allows; undefined: no limit. */
  readonly messagesADay: number | undefined;
  /** Projects that refused their key for this very answer. */
  readonly refusedBy: ReadonlySet<string>;
  readonly giveUpAt: number;
  readonly signal: AbortSignal;
  readonly onWait: (waitMs: number) => void;
}

export interface ReserveCallDeps {
  readonly projects: readonly Project[];
  readonly ledgers: Ledgers;
  readonly refusedKeys: RefusedKeys;
  /** The log's clock, Unix ms. */
  readonly now: () => number;
  /** Ms that no clock that is set moves. */
  readonly stopwatch: () => number;
}

/**
 * The longest time from a reservation until the call begins, ms; a later one is reserved anew, and its place is lost. So
 * it is longer than the log is waited for (8 s): a slow log must not spend the day's calls without one being made.
 */
export const BEGIN_WITHIN_MS = 9_000;

export type ReserveCall = (wish: CallWish) => Promise<ReservedCall>;

/** Reserves one call: at the next project in turn with room, else where room comes first, if that is in time. */
export function reserveCall(deps: ReserveCallDeps): ReserveCall {
  const { ledgers, now, stopwatch } = deps;
  const inTurn = projectsInTurn(deps);

  async function reserve(wish: CallWish): Promise<ReservedCall> {
    const refusals: { project: Project; refused: NextFree }[] = [];
    for (const project of inTurn(wish)) {
      const outcome = await at(project, { ...wish, giveUpAt: now() });
      if ("admission" in outcome) return outcome;
      refusals.push({ project, refused: outcome });
    }
    const [soonest] = refusals.sort((a, b) => a.refused.at - b.refused.at);
    if (soonest === undefined) throw new DomainError("unavailable", "ai_key_missing");
    if (soonest.refused.at > wish.giveUpAt) throw rateError(soonest.refused);
    await refuseSpent(deps, wish);
    wish.onWait(Math.max(0, soonest.refused.at - now()));
    const outcome = await at(soonest.project, wish);
    if ("admission" in outcome) return outcome;
    throw rateError(outcome);
  }

  async function at(project: Project, wish: CallWish): Promise<ReservedCall | NextFree> {
    const ledger = ledgers.of(project.name, wish.model);
    const decision = await ledger.reserve({ ...wish, reservation: wish.newReservation() });
    if ("admitted" in decision) return { project, ledger, admission: decision.admitted };
    // No other project has more of it.
    if (decision.refused.scope === "allowance") throw allowanceSpent({ ...wish, atUnixMs: now() });
    return decision.refused;
  }

  async function inTime(wish: CallWish): Promise<ReservedCall> {
    const reserved = await reserve(wish);
    // Should its process die, the ledger would forget the call before Google does.
    return stopwatch() - reserved.admission.since > BEGIN_WITHIN_MS ? inTime(wish) : reserved;
  }

  return async (wish) => {
    refuseCrowded(deps, wish);
    if (!seemsToHaveSome(deps, wish)) await refuseSpent(deps, wish);
    return inTime(wish);
  };
}

/** The projects to ask for a call; each call begins with the next one. */
function projectsInTurn(deps: ReserveCallDeps): (wish: CallWish) => readonly Project[] {
  let next = 0;
  return (wish) => {
    const usable = usableFor(deps, wish);
    const first = next++ % usable.length;
    return [...usable.slice(first), ...usable.slice(0, first)];
  };
}

/** Keys that were refused lately are the last hope: one refusal by mistake must not silence the only key there is. */
function usableFor({ projects, refusedKeys }: ReserveCallDeps, { model, refusedBy }: CallWish): readonly Project[] {
  const left = projects.filter(({ name }) => !refusedBy.has(name));
  if (left.length === 0)
    throw new DomainError("unavailable", projects.length > 0 ? "ai_key_invalid" : "ai_key_missing");
  const accepted = left.filter(({ name }) => !refusedKeys.has(name, model));
  return accepted.length > 0 ? accepted : left;
}

/** A flood of one owner is turned away here, where it costs next to nothing. */
function refuseCrowded({ projects, ledgers }: ReserveCallDeps, { model, newReservation }: CallWish): void {
  const { ownerId } = newReservation();
  const crowded = projects.map(({ name }) => ledgers.of(name, model).crowded(ownerId));
  const [soonest] = crowded.flatMap((next) => next ?? []).sort((a, b) => a.at - b.at);
  if (soonest !== undefined && crowded.every((next) => next !== undefined)) throw rateError(soonest);
}

/** Told at once, not when a place is free: who has nothing left to spend waits for none. */
async function refuseSpent({ ledgers: { allowances }, now }: ReserveCallDeps, wish: CallWish): Promise<void> {
  const { ownerId, chargeKey } = wish.newReservation();
  const { state } = await allowances.load(allowanceSubject(ownerId));
  const limit = { atUnixMs: now(), messagesADay: wish.messagesADay };
  if (!mayCharge(state, chargeKey, limit)) throw allowanceSpent(limit);
}

/** Whether the owner has something left by what is remembered; it is looked at once more when the charge is written. */
function seemsToHaveSome({ ledgers: { allowances }, now }: ReserveCallDeps, wish: CallWish): boolean {
  const { ownerId, chargeKey } = wish.newReservation();
  const known = allowances.known(allowanceSubject(ownerId))?.state;
  return known !== undefined && mayCharge(known, chargeKey, { atUnixMs: now(), messagesADay: wish.messagesADay });
}

function rateError({ scope, at }: NextFree): DomainError {
  const code = scope === "day" ? "ai_rate_day" : "ai_rate_minute";
  return new DomainError("exhausted", code, { params: { retry_at_unix_ms: String(Math.ceil(at)) } });
}
