import { markIn } from "./updates.ts";

export interface Reply {
  /** `performance.now()` when sendMessage had arrived. */
  readonly at: number;
  /** When the model was asked for it, and what it took itself, ms. */
  readonly askedAt: number;
  readonly modelMs: number;
}

type Thought = Omit<Reply, "at">;

/** Replies that somebody waits for, by the mark in their text. */
export function awaitedReplies() {
  const awaited = new Map<string, (reply: Reply) => void>();
  const modelTimes = new Map<string, Thought>();
  let count = 0;

  return {
    /** All that arrived, awaited or not. */
    count: () => count,

    arrived(text: string): void {
      count += 1;
      const mark = markIn(text) ?? "";
      const thought = modelTimes.get(mark) ?? { askedAt: 0, modelMs: 0 };
      modelTimes.delete(mark);
      awaited.get(mark)?.({ at: performance.now(), ...thought });
      awaited.delete(mark);
    },

    /** The model has answered these words; the reply itself comes later. */
    thought(words: string, thought: Thought): void {
      const mark = markIn(words);
      if (mark !== undefined && awaited.has(mark)) modelTimes.set(mark, thought);
    },

    reply: (mark: string, withinMs: number) =>
      new Promise<Reply>((resolve, reject) => {
        const late = setTimeout(() => {
          awaited.delete(mark);
          reject(new Error(`no reply to ${mark} within ${withinMs} ms`));
        }, withinMs);
        awaited.set(mark, (reply) => {
          clearTimeout(late);
          resolve(reply);
        });
      }),
  };
}
