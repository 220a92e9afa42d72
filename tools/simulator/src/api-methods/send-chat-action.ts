import { text } from "../arguments.ts";
import { badRequest } from "../telegram-error.ts";
import { chatToWrite, type Method, refuseIfBlocked, yes } from "./call.ts";

const ACTIONS = new Set(
  `cancel typing record_video upload_video record_audio record_voice upload_audio upload_voice upload_photo upload_document
  choose_sticker pick_up_location find_location record_video_note upload_video_note`.split(/\s+/),
);

export const sendChatAction: Method = (call) => {
  const action = text(call.args, "action").toLowerCase();
  if (!ACTIONS.has(action)) throw badRequest("wrong parameter action in request");
  const conversation = chatToWrite(call);
  refuseIfBlocked(conversation);
  call.world.chats.showTyping(call.bot, conversation, action);
  return yes;
};
