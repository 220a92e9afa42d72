import { type Decider, DomainError } from "@botfactory/decider";
import type { ChainedEvent } from "./event-chain.ts";
import type { EventCodec } from "./event-codec.ts";

/** An event of a log that is being audited. */
export interface AuditedEvent extends ChainedEvent {
  /** When the log stored it. */
  readonly time: Date;
}

/** A place where a log breaks one of its invariants. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  readonly subject?: string;
  readonly version?: number | undefined;
  readonly sequence?: number;
}

/** An event of one aggregate with the states around it. */
export interface Step<State, Event> {
  readonly subject: string;
  readonly time: Date;
  readonly before: State;
  readonly event: Event;
  readonly after: State;
}

/** A rule that holds at every event of an aggregate: what is wrong with a step, or undefined. */
export type StepRule<State, Event> = (step: Step<State, Event>) => string | undefined;

export interface AuditedAggregateOptions<State, Event> {
  readonly codec: EventCodec<Event>;
  /** `evolve` hears when the log stored the event, for rules that are about the log's time. */
  readonly decider: Pick<Decider<never, State, Event>, "initial"> & {
    evolve(state: State, event: Event, storedAt: number): State;
  };
  /** Rules by the name of the invariant. */
  readonly rules: Readonly<Record<string, StepRule<State, Event>>>;
  /** The state without what no rule needs, since the states of all aggregates are kept until the end. */
  readonly trim?: (state: State) => State;
}

/** What an audit knows of one kind of aggregate. */
export interface AuditedAggregate {
  readonly invariants: readonly string[];
  see(event: AuditedEvent): readonly Omit<Violation, "subject" | "version" | "sequence">[];
}

export const DECODES = "every event decodes";
export const FOLDS = "the fold never throws";

/** Folds the events of each subject by the domain's own `evolve` and looks at each step by the domain's rules. */
export function auditedAggregate<State, Event>(options: AuditedAggregateOptions<State, Event>): AuditedAggregate {
  const { codec, decider, rules, trim = (state) => state } = options;
  const states = new Map<string, State>();

  return {
    invariants: [DECODES, FOLDS, ...Object.keys(rules)],
    see({ subject, data, time }) {
      const event = attempt(() => codec.decode(data));
      if (event.failed) return [{ invariant: DECODES, detail: event.why }];
      const before = states.get(subject) ?? decider.initial;
      const after = attempt(() => decider.evolve(before, event.value, time.getTime()));
      if (after.failed) return [{ invariant: FOLDS, detail: after.why }];
      states.set(subject, trim(after.value));
      const step = { subject, time, before, event: event.value, after: after.value };
      return Object.entries(rules).flatMap(([invariant, rule]) => {
        const detail = rule(step);
        return detail === undefined ? [] : [{ invariant, detail }];
      });
    },
  };
}

function attempt<Value>(make: () => Value): { failed: false; value: Value } | { failed: true; why: string } {
  try {
    return { failed: false, value: make() };
  } catch (error) {
    return { failed: true, why: reasonOf(error) };
  }
}

/** What a refusal says is for people; why it was made is its cause. */
function reasonOf(error: unknown): string {
  const reason = error instanceof DomainError ? (error.cause ?? error) : error;
  return reason instanceof Error ? reason.message : String(reason);
}
