/** What a model is asked. */
export interface TextRequest {
  readonly model: string;
  /** Standing instructions, in separate parts so that one cannot pass for another. */
  readonly instructions: readonly string[];
  /** What was said, oldest first; the last is the user's. */
  readonly utterances: readonly Utterance[];
}

export interface Utterance {
  readonly speaker: "user" | "model";
  readonly text: string;
}

export type TextPart = TextBegun | TextPiece | TextEnd;

/** The vendor took the request: its own limits have counted it by now. */
export interface TextBegun {
  readonly kind: "begun";
}

export interface TextPiece {
  readonly kind: "piece";
  readonly text: string;
}

/** Comes last, and only when there was text. */
export interface TextEnd {
  readonly kind: "end";
  /** The model that answered, which may be a successor of the one asked. */
  readonly model: string;
  readonly tokens: Tokens;
  readonly isTruncated: boolean;
}

export interface Tokens {
  readonly input: number;
  /** Thoughts included. */
  readonly output: number;
}

/** Asks a model and streams its text; throws `ModelFailure`. Another vendor is another function of this type. */
export type TextModel = (request: TextRequest, signal: AbortSignal) => AsyncIterable<TextPart>;

export type FailureKind =
  | "key-invalid"
  | "rate-minute"
  | "rate-day"
  | "blocked"
  | "empty"
  | "overloaded"
  | "timeout"
  | "request-refused";

/** Why there is no text. Made of our own words only: vendors' errors hold addresses, prompts and sometimes keys. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly kind: FailureKind;
  /** When the vendor said to ask again, ms from now. */
  readonly retryAfterMs: number | undefined;
  readonly tokens: Tokens;

  constructor(kind: FailureKind, reason: string, more: { retryAfterMs?: number | undefined; tokens?: Tokens } = {}) {
    super(reason);
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
    this.tokens = more.tokens ?? { input: 0, output: 0 };
  }
}
