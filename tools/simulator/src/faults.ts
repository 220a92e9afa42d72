import { randomUUID } from "node:crypto";

export type FaultKind =
  | "rate-limited"
  | "internal"
  | "blocked"
  | "chat-not-found"
  | "cannot-parse-entities"
  | "unauthorized"
  | "migrated"
  | "error"
  | "reset-before"
  | "reset-after"
  | "delay"
  | "hang-before"
  | "hang-after";

export interface FaultWish {
  readonly kind: FaultKind;
  readonly botId?: number | undefined;
  readonly chatId?: number | undefined;
  readonly method?: string | undefined;
  /** How many calls it hits; 1 unless said. */
  readonly times?: number | undefined;
  /** How many fitting calls pass before the first hit. */
  readonly skip?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly migrateToChatId?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly description?: string | undefined;
}

export interface Fault extends FaultWish {
  readonly id: string;
  times: number;
  skip: number;
}

export interface FaultTarget {
  readonly botId: number;
  readonly chatId: number | undefined;
  readonly method: string;
}

export type Faults = ReturnType<typeof faults>;

export function faults() {
  const scripted: Fault[] = [];

  function add(wish: FaultWish): Fault {
    const fault = { ...wish, id: randomUUID(), times: wish.times ?? 1, skip: wish.skip ?? 0 };
    scripted.push(fault);
    return fault;
  }

  /** The first script that fits is used up by one call. */
  function strike(target: FaultTarget): Fault | undefined {
    for (const fault of scripted) {
      if (fault.times <= 0 || !fits(fault, target)) continue;
      if (fault.skip > 0) {
        fault.skip--;
        continue;
      }
      fault.times--;
      return fault;
    }
    return undefined;
  }

  function remove(id?: string): void {
    const kept = id === undefined ? [] : scripted.filter((fault) => fault.id !== id);
    scripted.splice(0, scripted.length, ...kept);
  }

  return { add, strike, remove, list: () => [...scripted] };
}

function fits(fault: Fault, target: FaultTarget): boolean {
  return (
    (fault.botId === undefined || fault.botId === target.botId) &&
    (fault.chatId === undefined || fault.chatId === target.chatId) &&
    (fault.method === undefined || fault.method.toLowerCase() === target.method.toLowerCase())
  );
}
