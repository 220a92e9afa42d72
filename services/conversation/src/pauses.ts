/** Until when each bot is to be silent, by Telegram's word. */
export interface Pauses {
  begin(botId: string, ms: number): void;
  /** How much longer, ms; 0 where the bot may speak. */
  left(botId: string): number;
  /** How many bots are kept in mind. */
  readonly size: number;
}

/** Keeps no bot in mind whose pause was over when the last one began: it may never speak again. */
export function pauses(now: () => number): Pauses {
  const until = new Map<string, number>();
  return {
    begin(botId, ms) {
      for (const [other, end] of until) if (end <= now()) until.delete(other);
      until.set(botId, now() + ms);
    },
    left: (botId) => Math.max(0, (until.get(botId) ?? 0) - now()),
    get size() {
      return until.size;
    },
  };
}
