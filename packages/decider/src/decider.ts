/**
 * The rule of one aggregate as three pure values (no clock, no ids, no I/O: they come in with the command).
 * `decide` answers with the events that happen, refuses by throwing a `DomainError`, and answers `[]` when a repeated
 * command has nothing left to do; `evolve` folds one event into the state and never throws.
 * Shape after Jérémie Chassaing's "Functional Event Sourcing Decider".
 */
export interface Decider<Command, State, Event> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** Folds a history, oldest event first, into the state it leads to. */
export function fold<State, Event>(
  decider: Pick<Decider<never, State, Event>, "initial" | "evolve">,
  history: readonly Event[],
): State {
  return history.reduce((state, event) => decider.evolve(state, event), decider.initial);
}
