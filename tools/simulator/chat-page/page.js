import { openChat } from "./chat.js";
import { sim } from "./sim.js";
import { language, say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const remembered = localStorage.getItem("person-id");
let chat;
let bots = [];

$("person-id").value = address.get("user") ?? remembered ?? String(100_000 + Math.floor(Math.random() * 900_000));
$("person-name").value = localStorage.getItem("person-name") ?? "Ali";

function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => {
    $("notice").hidden = true;
  }, 4000);
}

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    notice(`${say("failed")}: ${error.message}`);
  }
}

function translate() {
  document.documentElement.lang = language();
  $("language").value = language();
  $("language").setAttribute("aria-label", say("language"));
  $("about").textContent = say("about");
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const [id, key] of [
    ["back", "back"],
    ["text", "write"],
  ])
    $(id).setAttribute("aria-label", say(key));
  $("text").placeholder = say("write");
  document.querySelector(".send").setAttribute("aria-label", say("send"));
  listBots();
  chat?.render();
}

function listBots() {
  $("no-bots").hidden = bots.length > 0;
  $("bots").replaceChildren(
    ...bots.map((bot) => {
      const [item, button, name, state] = ["li", "button", "strong", "small"].map((tag) => document.createElement(tag));
      name.textContent = bot.firstName;
      state.textContent = `@${bot.username} · ${say(bot.webhookUrl ? "webhook" : "no-webhook")}`;
      button.type = "button";
      button.append(name, state);
      button.addEventListener("click", () => enter(bot));
      item.append(button);
      return item;
    }),
  );
}

async function refreshBots() {
  bots = await sim("GET", "/bots");
  listBots();
}

async function person() {
  const id = Number($("person-id").value);
  if (!$("person").reportValidity()) return undefined;
  localStorage.setItem("person-id", String(id));
  localStorage.setItem("person-name", $("person-name").value);
  return sim("PUT", `/users/${id}`, { first_name: $("person-name").value, language_code: language() });
}

const enter = (bot) =>
  attempt(async () => {
    const user = await person();
    if (!user) return;
    history.replaceState(null, "", `?${new URLSearchParams({ bot: bot.username, user: user.id })}`);
    show("chat");
    chat = openChat({ bot, user, notice, attempt });
  });

function show(view) {
  $("home").hidden = view !== "home";
  $("chat").hidden = view !== "chat";
  $("back").hidden = view !== "chat";
}

function leave() {
  chat?.close();
  chat = undefined;
  history.replaceState(null, "", location.pathname);
  show("home");
  $("title").textContent = "Telegram";
  $("status").textContent = "";
  void attempt(refreshBots);
}

$("back").addEventListener("click", leave);
$("language").addEventListener("change", ({ target }) => {
  speak(target.value);
  translate();
});
$("person").addEventListener("submit", (event) => event.preventDefault());
$("new-bot").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(async () => {
    const wish = { firstName: $("bot-name").value, username: $("bot-username").value };
    const { token } = await sim("POST", "/bots", wish);
    $("token").textContent = token;
    $("made").hidden = false;
    event.target.reset();
    await refreshBots();
  });
});
$("copy").addEventListener("click", () =>
  attempt(async () => {
    await navigator.clipboard.writeText($("token").textContent);
    notice(say("copied"));
  }),
);

translate();
await attempt(refreshBots);
const wanted = bots.find(({ username, id }) => [username, String(id)].includes(address.get("bot")));
if (wanted) await enter(wanted);
