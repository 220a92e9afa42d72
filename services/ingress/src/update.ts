import { isDeeperThan } from "./json-depth.ts";

/** Where an update belongs; ids are decimal text, as everywhere outside Telegram's own JSON. */
export interface UpdateAddress {
  readonly updateId: string;
  readonly chatId: string;
  /** The topic the message was written in, when the chat has topics. */
  readonly threadId?: string;
}

/** Why the bytes of an authenticated post cannot be put into a chat's queue. */
export type UpdateProblem = "not_json" | "too_deep" | "no_update_id" | "no_chat";

// Telegram's own objects nest about 15 deep.
const DEEPEST = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Finds the address in the received bytes, whatever kind of update it is, also one that does not exist today. */
export function addressOf(body: Uint8Array): UpdateAddress | UpdateProblem {
  if (isDeeperThan(body, DEEPEST)) return "too_deep";
  const update = parse(body);
  if (update === undefined) return "not_json";
  const updateId = idIn(update, "update_id");
  if (updateId === undefined || updateId.startsWith("-")) return "no_update_id";
  const message = messageIn(update);
  const chatId = idIn(objectIn(message, "chat"), "id");
  if (chatId === undefined) return "no_chat";
  const threadId = message?.["is_topic_message"] === true ? idIn(message, "message_thread_id") : undefined;
  return { updateId, chatId, ...(threadId === undefined ? {} : { threadId }) };
}

type Json = Readonly<Record<string, unknown>>;

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** The first member that stands in a chat; a pressed button stands in the chat of the message it hangs on. */
function messageIn(update: unknown): Json | undefined {
  const members = isObject(update) ? Object.values(update).filter(isObject) : [];
  return [...members, objectIn(objectIn(update, "callback_query"), "message")].find(
    (member) => idIn(objectIn(member, "chat"), "id") !== undefined,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectIn(value: unknown, name: string): Json | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : undefined;
}

/** Ids have at most 52 significant bits; beyond the safe integers two chats could look like one. */
function idIn(value: unknown, name: string): string | undefined {
  const id = isObject(value) ? value[name] : undefined;
  return typeof id === "number" && Number.isSafeInteger(id) ? String(id) : undefined;
}
