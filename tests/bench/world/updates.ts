// Ids of one run never repeat, so that nothing is dropped as a duplicate; Telegram's are no larger than 2^52.
let lastUpdateId = Date.now() * 100;
const BOT_USERNAME = "bench_bot";

/** A text message as Telegram posts it, about 400 bytes; `mark` is found again in the reply. */
export interface MarkedUpdate {
  readonly mark: string;
  readonly body: string;
}

/** An update of a private chat with an id of its own. */
export function textUpdate(chatId: number): MarkedUpdate {
  lastUpdateId += 1;
  const mark = `#${lastUpdateId}`;
  const person = { id: chatId, first_name: "Aziza", last_name: "Karimova", username: `aziza_${chatId}` };
  const message = {
    message_id: lastUpdateId % 2 ** 31,
    from: { ...person, is_bot: false, language_code: "en" },
    chat: { ...person, type: "private" },
    date: Math.floor(Date.now() / 1000),
    text: `Hello ${BOT_USERNAME}, could you please tell me when the shop opens tomorrow morning? ${mark}`,
  };
  return { mark, body: JSON.stringify({ update_id: lastUpdateId, message }) };
}

/** The mark in a text, if there is one. */
export function markIn(text: string): string | undefined {
  return /#\d+/.exec(text)?.[0];
}
