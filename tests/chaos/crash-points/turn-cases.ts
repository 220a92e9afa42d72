import type { CrashPoint } from "@botfactory/crash-points";
import type { LedgerEntry } from "@botfactory/simulator";
import { until } from "../../e2e/support/until.ts";
import { markersIn } from "../chat-history.ts";
import { check } from "../checker.ts";
import { killedAt, type Stage } from "./stage.ts";

/** What a person saw of a crash, and what it cost. */
export interface TurnOutcome {
  readonly lost: number;
  readonly outOfOrder: number;
  readonly doubled: number;
  /** Calls of the model beyond one for each message. */
  readonly wastedCalls: number;
  /** From the death to the last answer. */
  readonly seconds: number;
}

export interface TurnCase {
  readonly service: "ingress" | "conversation" | "ai";
  /** Telegram may have taken a message the log knows nothing of. */
  readonly mayDouble?: boolean;
  /** The model's answer was nowhere but in the memory of the dead. */
  readonly wastesCall?: boolean;
  /** The answer is longer than one message may be. */
  readonly isLong?: boolean;
}

let chats = 1_000;
let markers = 100_000;
const LONGER_THAN_A_MESSAGE = "and so on ".repeat(600);

/** Two messages in one chat: the first is on its way when the process dies, the second comes before it is back. */
export async function turnThrough(
  stage: Stage,
  point: CrashPoint,
  { service, isLong = false }: TurnCase,
): Promise<TurnOutcome> {
  const { stack, log, bot } = stage;
  const chatId = ++chats;
  const [first, second] = [++markers, ++markers];
  if (isLong)
    await stack.model.script({ kind: "answer", text: `q${first} ${LONGER_THAN_A_MESSAGE}`, when: `q${first}` });
  // Commands are never joined with what comes after.
  const say = (marker: number) => stack.telegram.user(chatId).send(bot.telegramId, `/about q${marker}`);
  const dead = await killedAt(stage, { service, point }, () => say(first));
  await say(second);
  await dead.revive();
  const place = { botId: bot.telegramId, chatId };
  await until(
    `${point}: the second message is answered`,
    async () => {
      const replies = await stack.telegram.waitForReply({ ...place, timeoutMs: 40_000 });
      return replies.some(({ text = "" }) => markersIn(text).includes(second));
    },
    60_000,
  );
  const seconds = (Date.now() - dead.at) / 1_000;
  await log.untilNothingIsLeft();
  return {
    ...(await seen(stage, chatId)),
    wastedCalls: await wasted(stage, [first, second]),
    seconds,
  };
}

/** Judged by the ledger alone; the later parts of a long answer name no message. */
async function seen({ stack, bot }: Stage, chatId: number) {
  const ledger = await stack.telegram.ledger({ botId: bot.telegramId });
  const { lost, unknown, outOfOrder, duplicated } = check(ledger.filter((entry) => isOf(chatId, entry)));
  return { lost: lost.length + unknown.length, outOfOrder: outOfOrder.length, doubled: duplicated.length };
}

function isOf(chatId: number, entry: LedgerEntry): boolean {
  if (entry.kind === "delivery") return entry.message?.chatId === chatId;
  const { chat_id, text } = entry.payload;
  return Number(chat_id) === chatId && markersIn(String(text)).length > 0;
}

async function wasted({ stack }: Stage, asked: readonly number[]): Promise<number> {
  const requests = await stack.model.requests();
  const of = requests.filter(({ body }) => {
    const words =
      body.contents
        .at(-1)
        ?.parts.map(({ text }) => text)
        .join(" ") ?? "";
    return markersIn(words).some((marker) => asked.includes(marker));
  });
  return of.length - asked.length;
}
