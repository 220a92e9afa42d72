export { type Decider, fold } from "./decider.ts";
export { DomainError, type DomainErrorKind, type DomainErrorParams } from "./domain-error.ts";
