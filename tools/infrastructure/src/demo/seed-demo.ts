import { type SimulatorClient, simulatorClient } from "@botfactory/simulator";
import { z } from "zod";
import { DEMO_BOTS, type DemoBot } from "./demo-bots.ts";

/** A person who can sign in to the demo's console. */
export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly role: "owner" | "admin";
  readonly plan: string;
}

/** The people of the demo realm (docker/keycloak/botfactory-realm.json). Aziza owns the three demo bots. */
export const DEMO_USERS: readonly DemoUser[] = [
  { username: "aziza", password: "demo-aziza", role: "owner", plan: "premium" },
  { username: "boris", password: "demo-boris", role: "owner", plan: "free" },
  { username: "admin", password: "demo-admin", role: "admin", plan: "free" },
];

/** Where the product and its neighbours are. */
export interface DemoPlace {
  readonly web: string;
  /** Empty: Telegram is the real one. */
  readonly simulator: string;
  readonly keycloak: { readonly clientId: string; readonly tokenEndpoint: string };
}

const tokenAnswer = z.object({ access_token: z.string() });

interface KnownBot {
  readonly id: string;
  readonly telegramUsername: string;
}

/**
 * Puts Aziza on her plan and, where Telegram is the simulator, brings the three demo bots (uz, ru, en) to life, all
 * through the public API; later starts set their webhooks anew.
 */
export async function seedDemo(place: DemoPlace): Promise<void> {
  const admin = apiAs(place, await tokenOf(place, "admin", "demo-admin"));
  const aziza = apiAs(place, await tokenOf(place, "aziza", "demo-aziza"));
  const { owner } = await aziza<{ owner: { id: string } }>("GET", "/me");
  await admin("PUT", `/admin/owners/${owner.id}/plan`, { plan: "premium" });
  if (!place.simulator) return;
  const known = await aziza<{ bots: KnownBot[] }>("GET", "/bots");
  for (const bot of DEMO_BOTS) {
    const there = known.bots.find(({ telegramUsername }) => telegramUsername === bot.username);
    const { id } = there ?? (await createBot(place, bot, aziza));
    await aziza("POST", `/bots/${id}/webhook`, {});
  }
}

async function createBot({ simulator }: DemoPlace, bot: DemoBot, aziza: Api): Promise<{ id: string }> {
  const token = await tokenOfBot(simulatorClient(simulator), bot);
  const { name, description, language, systemPrompt } = bot;
  return aziza("POST", "/bots", {
    name,
    description,
    language,
    platform: "telegram",
    systemPrompt,
    telegramToken: token,
  });
}

/** The simulator keeps a bot that was deleted here, or whose creation here failed: its name is taken. */
async function tokenOfBot(simulator: SimulatorClient, { username, name }: DemoBot): Promise<string> {
  const there = (await simulator.bots()).find((bot) => bot.username === username);
  if (there !== undefined) return simulator.bot(there.id).token();
  return (await simulator.createBot({ username, firstName: name })).token;
}

type Api = <T>(method: string, path: string, body?: unknown) => Promise<T>;

function apiAs({ web }: DemoPlace, token: string): Api {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${web}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`demo: ${method} ${path} answered ${response.status} ${text}`);
    return JSON.parse(text);
  };
}

async function tokenOf({ keycloak }: DemoPlace, username: string, password: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "password", client_id: keycloak.clientId, username, password });
  const response = await fetch(keycloak.tokenEndpoint, { method: "POST", body: form });
  if (!response.ok) throw new Error(`demo: Keycloak refused the password of ${username} (${response.status})`);
  return tokenAnswer.parse(await response.json()).access_token;
}
