import { type Arguments, text } from "../arguments.ts";

const KINDS = new Set(
  `message edited_message channel_post edited_channel_post business_connection business_message edited_business_message
  deleted_business_messages guest_message message_reaction message_reaction_count inline_query chosen_inline_result
  callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member
  chat_join_request chat_boost removed_chat_boost managed_bot`.split(/\s+/),
);

/** Absent or unreadable keeps the last list; an empty one, or one of unknown names, means the default. */
export function allowedUpdates(args: Arguments, before: readonly string[] | undefined): readonly string[] | undefined {
  const given = parse(args);
  if (!Array.isArray(given) || !given.every((name) => typeof name === "string")) return before;
  const known = given.map((name) => name.toLowerCase()).filter((name) => KINDS.has(name));
  return known.length > 0 ? [...new Set(known)] : undefined;
}

function parse(args: Arguments): unknown {
  const value = args["allowed_updates"];
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(text(args, "allowed_updates"));
  } catch {
    return undefined;
  }
}
