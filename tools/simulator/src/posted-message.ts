import type { PostedMessage } from "./ledger.ts";
import { isJson, type Json } from "./message.ts";

const TEXT_KEPT = 200;

/** What the ledger keeps of an update's message: bodies themselves would fill the memory of long benches. */
export function postedMessage(update: Json): PostedMessage | undefined {
  for (const [kind, body] of Object.entries(update)) {
    if (!isJson(body) || !isJson(body["chat"]) || typeof body["message_id"] !== "number") continue;
    const text = typeof body["text"] === "string" ? body["text"] : "";
    return { kind, chatId: Number(body["chat"]["id"]), messageId: body["message_id"], text: text.slice(0, TEXT_KEPT) };
  }
  return undefined;
}
