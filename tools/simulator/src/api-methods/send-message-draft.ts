import { integer } from "../arguments.ts";
import { badRequest } from "../telegram-error.ts";
import { finishText, readText } from "../text/formatted-text.ts";
import { chatToWrite, type Method, refuseIfBlocked, yes } from "./call.ts";

/** A preview while the answer is being written; an empty text shows "Thinking…". */
export const sendMessageDraft: Method = (call) => {
  const parsed = readText(call.args);
  const draftId = integer(call.args, "draft_id", { default: 0 });
  const conversation = chatToWrite(call);
  if (draftId === 0) throw badRequest("Invalid draft identifier specified");
  // The refusal's wording is ours: the documentation says only that drafts are for private chats.
  if (conversation.chat.type !== "private") throw badRequest("message drafts can be sent only to private chats");
  const text = parsed.text === "" ? "" : finishText(parsed).text;
  refuseIfBlocked(conversation);
  call.world.chats.showDraft(call.bot, conversation, { draftId, text });
  return yes;
};
