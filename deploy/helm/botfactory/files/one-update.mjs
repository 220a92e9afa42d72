// What `helm test` runs: every service must be ready; in a trial a bot is made, written to, and must answer.
const environment = process.env;
const BOT = "Helm test";
const say = (line) => process.stdout.write(`${line}\n`);

async function call(method, url, { token, body, form } = {}) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
    },
    body: form ? new URLSearchParams(form) : body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status} ${text.slice(0, 300)}`);
  return text === "" ? undefined : JSON.parse(text);
}

async function ready(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} is not ready: ${(await response.text()).slice(0, 300)}`);
  say(`PASS ${url}`);
}

async function refusesForgedPosts() {
  const url = `${environment.INGRESS_URL}/telegram/webhook/nobodys-bot`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": "forged" },
    body: JSON.stringify({ update_id: 1 }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status < 400 || response.status >= 500) throw new Error(`a forged post was answered ${response.status}`);
  say(`PASS a forged post is refused (${response.status})`);
}

/** People try the trial's plans as Aziza and Boris, and a test that was killed leaves its bot: neither is to fail the next one. */
async function makeRoom(api, token) {
  const { owner } = await call("GET", `${api}/me`, { token });
  await call("PUT", `${api}/admin/owners/${owner.id}/plan`, { token, body: { plan: "premium" } });
  const { bots } = await call("GET", `${api}/bots`, { token });
  for (const { id } of bots.filter(({ name }) => name === BOT)) await call("DELETE", `${api}/bots/${id}`, { token });
}

async function answersOneMessage() {
  const { WEB_URL, KEYCLOAK_TOKEN_URL, TELEGRAM_URL } = environment;
  const form = { grant_type: "password", client_id: "botfactory-cli", username: "admin", password: "demo-admin" };
  const { access_token: token } = await call("POST", KEYCLOAK_TOKEN_URL, { form });
  const api = `${WEB_URL}/api/v1`;
  await makeRoom(api, token);
  const simulated = await call("POST", `${TELEGRAM_URL}/sim/bots`, { body: { firstName: "Helm test" } });
  const bot = await call("POST", `${api}/bots`, {
    token,
    body: {
      name: BOT,
      description: "Made by helm test, deleted by it",
      language: "en",
      platform: "telegram",
      systemPrompt: "You are a test.",
      telegramToken: simulated.token,
    },
  });
  try {
    await call("POST", `${api}/bots/${bot.id}/webhook`, { token, body: {} });
    const person = 700_000_001;
    await call("POST", `${TELEGRAM_URL}/sim/users/${person}/send`, { body: { botId: simulated.id, text: "Hello?" } });
    const wait = new URLSearchParams({ chatId: person, botId: simulated.id, count: 1, timeoutMs: 45_000 });
    const [reply] = await call("GET", `${TELEGRAM_URL}/sim/wait/replies?${wait}`);
    if (!reply?.text) throw new Error("no reply within 45 s");
    say(`PASS one message was answered: ${reply.text.slice(0, 100)}`);
  } finally {
    await call("DELETE", `${api}/bots/${bot.id}`, { token });
  }
}

for (const url of environment.READY_URLS.split(",")) await ready(url);
await refusesForgedPosts();
if (environment.TELEGRAM_URL) await answersOneMessage();
