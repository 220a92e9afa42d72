interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: unknown;
}

/** Why something failed, in the words of whoever knew best: fetch and the drivers wrap the system's own error. */
export function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { name, message, cause, errors }: Thrown = error;
  if (name === "TimeoutError") return "no answer within 5 s";
  if (name === "ZodError") return "the answer is not what was expected";
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  if (typeof cause === "object" && cause !== null && "message" in cause) return reasonOf(cause);
  return firstLine(`${message}`) || `${name}`;
}

const firstLine = (text: string) => text.split("\n", 1)[0]?.trim();
