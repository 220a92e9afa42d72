import { z } from "zod";

export interface BotApiCall {
  readonly method: string;
  readonly token: string;
  readonly body: string;
}

export interface BotApiState {
  readonly arrived: (text: string) => void;
  readonly webhookSecrets: Map<string, string>;
}

const fields = z.looseObject({
  chat_id: z.union([z.number(), z.string()]).default(0),
  text: z.string().default(""),
  url: z.string().default(""),
  secret_token: z.string().default(""),
});

let lastMessageId = 0;

/** Answers the few methods bots need; everything else is true. */
export function telegramAnswer(call: BotApiCall, state: BotApiState): string {
  return JSON.stringify({ ok: true, result: resultOf(call, state) });
}

/** The chat a call is about. */
export function chatOf(body: string): string {
  return String(read(body).chat_id);
}

function read(body: string) {
  try {
    return fields.parse(JSON.parse(body));
  } catch {
    return fields.parse({});
  }
}

function resultOf({ method, token, body }: BotApiCall, state: BotApiState): unknown {
  const given = read(body);
  switch (method) {
    case "getMe":
      return { ...botOf(token), can_join_groups: true, can_read_all_group_messages: false };
    case "setWebhook":
      state.webhookSecrets.set(given.url, given.secret_token);
      return true;
    case "getWebhookInfo":
      return { url: "", has_custom_certificate: false, pending_update_count: 0 };
    case "sendMessage": {
      state.arrived(given.text);
      lastMessageId += 1;
      const chat = { id: Number(given.chat_id), type: "private", first_name: "Aziza" };
      return { message_id: lastMessageId, from: botOf(token), chat, date: 0, text: given.text };
    }
    default:
      return true;
  }
}

function botOf(token: string) {
  const id = Number(token.split(":")[0]);
  return { id, is_bot: true, first_name: "Bench", username: `bench_${id}_bot` };
}
