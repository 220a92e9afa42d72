import { buttons, messageItem } from "./messages.js";
import { sim } from "./sim.js";
import { say } from "./words.js";

const $ = (id) => document.getElementById(id);

/** The open conversation of one user with one bot, kept live by server-sent events. */
export function openChat({ bot, user, notice, attempt }) {
  const messages = new Map();
  let typingTimer;
  let keyboard;

  const send = (text) => attempt(() => sim("POST", `/users/${user.id}/send`, { botId: bot.id, text }));
  const press = (message) => (button) =>
    attempt(() =>
      sim("POST", `/users/${user.id}/press`, {
        botId: bot.id,
        messageId: message.message_id,
        data: button.callback_data ?? "",
      }),
    );
  const item = (message) => messageItem(message, { userId: user.id, press: press(message) });

  function put(message) {
    const before = messages.get(message.message_id);
    messages.set(message.message_id, message);
    if (before) $(`message-${message.message_id}`).replaceWith(item(message));
    else $("messages").append(item(message));
    if (message.from.is_bot) stopTyping();
    showKeyboard();
    $("messages").scrollTop = $("messages").scrollHeight;
  }

  function showKeyboard() {
    const first = messages.size === 0 ? [[{ text: "/start", label: say("start") }]] : [];
    const rows = (keyboard ?? first).map((row) => row.map((button) => (button.text ? button : { text: button })));
    $("keyboard").hidden = rows.length === 0;
    const labelled = rows.map((row) => row.map(({ text, label = text }) => ({ text: label, says: text })));
    $("keyboard").replaceChildren(buttons(labelled, ({ says }) => send(says)));
  }

  function showTyping(until) {
    const left = until - Date.now();
    clearTimeout(typingTimer);
    if (left <= 0) return stopTyping();
    typingTimer = setTimeout(stopTyping, left);
    $("typing").hidden = false;
    $("status").textContent = say("typing");
  }

  function stopTyping() {
    clearTimeout(typingTimer);
    $("typing").hidden = true;
    $("draft").hidden = true;
    $("status").textContent = say("bot");
  }

  function showDraft(text) {
    $("draft").textContent = text || say("thinking");
    $("draft").hidden = false;
  }

  function render() {
    $("title").textContent = bot.firstName;
    $("status").textContent = say($("typing").hidden ? "bot" : "typing");
    $("messages").replaceChildren(...[...messages.values()].map(item));
    $("messages").scrollTop = $("messages").scrollHeight;
    showKeyboard();
  }

  async function load() {
    const chats = await sim("GET", `/chats?botId=${bot.id}`);
    const stored = chats.find(({ chat }) => chat.id === user.id);
    keyboard = stored?.keyboard?.keyboard;
    for (const message of stored?.messages ?? []) messages.set(message.message_id, message);
    render();
  }

  function hear(change) {
    if (change.kind === "message" || change.kind === "edited") put(change.message);
    if (change.kind === "typing") showTyping(change.until);
    if (change.kind === "draft") showDraft(change.text);
    if (change.kind === "keyboard") {
      keyboard = change.keyboard?.keyboard;
      showKeyboard();
    }
    if (change.kind === "callback-answered" && change.text) notice(change.text);
  }

  const stream = new EventSource(`/sim/stream?botId=${bot.id}&chatId=${user.id}`);
  stream.addEventListener("open", () => {
    stopTyping();
    void attempt(load);
  });
  stream.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  stream.addEventListener("error", () => {
    $("status").textContent = say("offline");
  });

  const submit = (event) => {
    event.preventDefault();
    const text = $("text").value;
    if (text.trim() === "") return;
    $("text").value = "";
    void send(text);
  };
  const enterSends = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  $("writer").addEventListener("submit", submit);
  $("text").addEventListener("keydown", enterSends);
  render();
  $("text").focus();

  function close() {
    stream.close();
    clearTimeout(typingTimer);
    $("writer").removeEventListener("submit", submit);
    $("text").removeEventListener("keydown", enterSends);
  }
  return { render, close };
}
