/** Where a started part came from. */
export type How = "environment" | "path" | "container" | "embedded" | "stand-in";

/** A part that answers at `url`; `stop` ends what was started for it and nothing else. */
export interface Started {
  readonly url: string;
  readonly how: How;
  /** The process that serves the part, when this call started one. */
  readonly pid?: number;
  stop(): Promise<void>;
}

/** A part that somebody else runs: stopping it is not ours to do. */
export function runningAt(url: string): Started {
  return { url, how: "environment", stop: () => Promise.resolve() };
}
