import { expect } from "@jest/globals";
import { type Decider, fold } from "./decider.ts";

/** given(history).when(command).then(events) or .thenRefuses(code), for the tests of one decider. */
export function specFor<Command, State, Event>(decider: Decider<Command, State, Event>) {
  const outcome = (past: readonly Event[], command: Command) => decider.decide(command, fold(decider, past));
  return (...past: readonly Event[]) => ({
    when: (command: Command) => ({
      // biome-ignore lint/suspicious/noThenProperty: the word of given/when/then; this object is never awaited
      then: (...expected: readonly Event[]) => expect(outcome(past, command)).toEqual(expected),
      thenRefuses: (code: string) =>
        expect(() => outcome(past, command)).toThrow(expect.objectContaining({ name: "DomainError", code })),
    }),
  });
}
