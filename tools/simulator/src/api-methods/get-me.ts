import { asUser } from "../bots.ts";
import type { Method } from "./call.ts";

export const getMe: Method = ({ bot }) => ({
  result: {
    ...asUser(bot),
    can_join_groups: true,
    can_read_all_group_messages: bot.readsAllGroupMessages,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  },
});
