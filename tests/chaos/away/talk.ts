import type { LedgerEntry } from "@botfactory/simulator";
import { until } from "../../e2e/support/until.ts";
import { markedText, markersIn } from "../chat-history.ts";
import type { AwayStack } from "./away-stack.ts";

/** How many people write. */
export const CHATS = 5;
const EVERY_MS = 300;

let chats = 10_000;
let markers = 0;

export type Talk = ReturnType<typeof talk>;

/** People who write to a bot in chats of their own, one message after another, until they are told to stop. */
export function talk({ telegram }: AwayStack, botId: number) {
  const first = chats;
  chats += CHATS;
  let posted = 0;
  const write = (chat: number) => {
    posted += 1;
    return telegram.user(first + chat).send(botId, markedText(++markers));
  };
  const timer = setInterval(() => void write(posted % CHATS).catch(() => undefined), EVERY_MS);

  const isOurs = (entry: LedgerEntry) => {
    const chatId = entry.kind === "delivery" ? entry.message?.chatId : Number(entry.payload["chat_id"]);
    return chatId !== undefined && chatId >= first && chatId < first + CHATS;
  };
  const ledger = async () => (await telegram.ledger({ botId })).filter(isOurs);

  return {
    ledger,
    posted: () => posted,
    stop: () => clearInterval(timer),
    /** What the bot says to one more message, as soon as it says it. */
    async answerToOneMore(withinMs = 30_000): Promise<string> {
      await write(0);
      const mine = markers;
      return until("one more message is answered", async () => replyTo(mine, await ledger()), withinMs);
    },
    /** The next time the bot shows that it is writing. */
    async nextTyping(): Promise<unknown> {
      const after = (await ledger()).at(-1)?.seq ?? 0;
      const shown = async () =>
        (await ledger()).find((entry) => entry.seq > after && isCallOf("sendChatAction", entry));
      return until("the bot shows that it is writing", shown, 30_000);
    },
    /** The next thing the bot says in these chats, whatever it answers. */
    async nextSaying(withinMs = 30_000): Promise<string> {
      const after = (await ledger()).at(-1)?.seq ?? 0;
      const said = async () => textOf((await ledger()).find((entry) => entry.seq > after && isSaid(entry)));
      return until("the bot says something", said, withinMs);
    },
  };
}

function isCallOf(method: string, entry: LedgerEntry): boolean {
  return entry.kind === "call" && entry.method === method && entry.executed;
}

const isSaid = (entry: LedgerEntry) => isCallOf("sendMessage", entry);

function textOf(entry: LedgerEntry | undefined): string | undefined {
  return entry?.kind === "call" ? String(entry.payload["text"]) : undefined;
}

function replyTo(marker: number, ledger: readonly LedgerEntry[]): string | undefined {
  return textOf(ledger.find((entry) => isSaid(entry) && markersIn(textOf(entry) ?? "").includes(marker)));
}
