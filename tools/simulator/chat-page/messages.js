import { isSafe, link, richText } from "./rich-text.js";
import { language, say } from "./words.js";

/** One message as a list item; `press(data)` is called for its callback buttons. */
export function messageItem(message, { userId, press }) {
  const item = document.createElement("li");
  item.id = `message-${message.message_id}`;
  item.classList.toggle("mine", message.from.id === userId);
  if (message.reply_to_message) item.append(quoted(message.reply_to_message));
  item.append(body(message), when(message));
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) item.append(buttons(rows, press));
  return item;
}

function quoted({ text = "…" }) {
  const node = document.createElement("div");
  node.className = "reply";
  node.textContent = text;
  return node;
}

function body({ text = "", entities }) {
  const node = document.createElement("div");
  node.className = "body";
  node.append(richText(text, entities));
  return node;
}

function when({ date, edit_date }) {
  const node = document.createElement("time");
  const time = new Date(date * 1000);
  node.dateTime = time.toISOString();
  const clock = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" }).format(time);
  node.textContent = edit_date ? `${say("edited")} ${clock}` : clock;
  return node;
}

/** A grid of buttons, for inline keyboards and reply keyboards alike. */
export function buttons(rows, press) {
  const grid = document.createElement("div");
  grid.className = "buttons";
  for (const row of rows) {
    const line = document.createElement("div");
    line.append(...row.map((button) => buttonNode(button, press)));
    grid.append(line);
  }
  return grid;
}

function buttonNode(button, press) {
  if (button.url && isSafe(button.url)) {
    const node = link(button.url);
    node.textContent = `${button.text} ↗`;
    return node;
  }
  const node = document.createElement("button");
  node.type = "button";
  node.textContent = button.text;
  node.addEventListener("click", () => press(button));
  return node;
}
