import { chatToRead, type Method } from "./call.ts";

export const getChat: Method = (call) => {
  const { chat } = chatToRead(call);
  return { result: { ...chat, accent_color_id: 0, max_reaction_count: 11 } };
};
