import { z } from "zod";

/** What an update of Telegram asks for. `no-text` is a message a person expects a reaction to, but holds no words. */
export type IncomingUpdate =
  | ({ readonly kind: "text"; readonly text: string; readonly isCommand: boolean } & FromPerson)
  | ({ readonly kind: "no-text" } & FromPerson)
  | { readonly kind: "pass-over"; readonly reason: string };

export interface FromPerson {
  readonly messageId: string;
  readonly senderId: string;
  readonly languageCode: string;
  readonly chat: ChatOfUpdate;
}

export interface ChatOfUpdate {
  readonly chatId: string;
  readonly threadId: string;
  readonly type: string;
  readonly title: string;
  readonly username: string;
}

// Integers a number holds exactly: a fraction, or two ids that look like one, would be refused or misread by Telegram.
const message = z.object({
  message_id: z.int(),
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
  from: z.object({ id: z.int(), is_bot: z.boolean(), language_code: z.string().optional() }).optional(),
  chat: z.object({
    id: z.int(),
    type: z.string(),
    title: z.string().optional(),
    first_name: z.string().optional(),
    last_name: z.string().optional(),
    username: z.string().optional(),
  }),
  text: z.string().optional(),
  caption: z.string().optional(),
});

type Message = z.output<typeof message>;

// Contents a person sends on purpose; everything else without text is a service message ("joined", "pinned", …).
const WORDLESS = [
  "animation",
  "audio",
  "contact",
  "dice",
  "document",
  "game",
  "location",
  "paid_media",
  "photo",
  "poll",
  "sticker",
  "story",
  "venue",
  "video",
  "video_note",
  "voice",
];

/** Reads one update; what is no message of a person is passed over with the reason. Never throws. */
export function incomingUpdate(update: unknown): IncomingUpdate {
  if (!isRecord(update)) return passOver("unreadable");
  const sent = update["message"];
  if (sent === undefined) return passOver(kindOf(update));
  const parsed = message.safeParse(sent);
  if (!parsed.success || !isRecord(sent)) return passOver("unreadable");
  if (parsed.data.from === undefined || parsed.data.from.is_bot) return passOver("not_from_a_person");
  return fromPerson(
    parsed.data,
    WORDLESS.some((content) => content in sent),
  );
}

function fromPerson(sent: Message, isWordless: boolean): IncomingUpdate {
  const person = personOf(sent);
  const text = readable(sent.text ?? sent.caption ?? "");
  if (text !== "") return { kind: "text", text, isCommand: sent.text?.startsWith("/") ?? false, ...person };
  // In a group a sticker is hardly meant for the bot: a reaction to each would be a nuisance.
  if (isWordless && person.chat.type === "private") return { kind: "no-text", ...person };
  return passOver(isWordless || sent.text !== undefined ? "no_text" : "service_message");
}

function personOf({ message_id, from, chat, ...sent }: Message): FromPerson {
  const name = [chat.first_name, chat.last_name].filter((part) => part !== undefined).join(" ");
  return {
    messageId: String(message_id),
    senderId: String(from?.id ?? ""),
    languageCode: from?.language_code ?? "",
    chat: {
      chatId: String(chat.id),
      threadId: sent.is_topic_message === true ? String(sent.message_thread_id ?? "") : "",
      type: chat.type,
      title: readable(chat.title ?? name),
      username: chat.username ?? "",
    },
  };
}

/** Without NUL and lone surrogates, which neither protobuf nor the databases carry. */
export function readable(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .replaceAll("\0", "")
    .trim();
}

function kindOf(update: Record<string, unknown>): string {
  const kind = Object.keys(update).find((key) => key !== "update_id") ?? "empty";
  return /^[a-z_]{1,40}$/.test(kind) ? kind : "unknown_kind";
}

function passOver(reason: string): IncomingUpdate {
  return { kind: "pass-over", reason };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
