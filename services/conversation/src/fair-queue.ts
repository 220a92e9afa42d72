import PQueue from "p-queue";

/** Work of many bots, some at once; a bot with much of it stands behind one with little. */
export interface FairQueue {
  /** Work of a bot that is here, waiting or not. */
  of(botId: string): number;
  arrive(botId: string): void;
  leave(botId: string): void;
  run(botId: string, task: () => Promise<void>): void;
  onIdle(): Promise<void>;
}

export function fairQueue(atOnce: number): FairQueue {
  const queue = new PQueue({ concurrency: atOnce });
  const perBot = new Map<string, number>();
  const of = (botId: string) => perBot.get(botId) ?? 0;
  return {
    of,
    arrive: (botId) => void perBot.set(botId, of(botId) + 1),
    leave(botId) {
      if (of(botId) > 1) perBot.set(botId, of(botId) - 1);
      else perBot.delete(botId);
    },
    run: (botId, task) => void queue.add(task, { priority: -of(botId) }),
    onIdle: () => queue.onIdle(),
  };
}
