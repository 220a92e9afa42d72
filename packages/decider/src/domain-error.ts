/** How a refusal is to be treated; one table in `@botfactory/rpc` maps it to gRPC, one in web to HTTP. */
export type DomainErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "exhausted"
  | "unavailable";

/** Facts a sentence about the error may name, such as `{ limit: "1" }`. Never a secret: they reach the person. */
export type DomainErrorParams = Readonly<Record<string, string>>;

/**
 * A refusal with a stable code (`plan_limit_reached`). People read the sentence `@botfactory/phrases` has for the code;
 * `cause` is for the log only and never leaves the process.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly kind: DomainErrorKind;
  readonly code: string;
  readonly params: DomainErrorParams;

  constructor(kind: DomainErrorKind, code: string, details: { params?: DomainErrorParams; cause?: unknown } = {}) {
    super(code, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.params = details.params ?? {};
  }
}
