import { simulatorClient } from "@botfactory/simulator";
import { z } from "zod";
import { DEMO_BOTS, type DemoBot } from "./demo-bots.ts";
import type { Stack } from "./stack.ts";
import type { DemoUser } from "./stack-file.ts";

/** The people of the demo realm (docker/keycloak/botfactory-realm.json). Aziza owns the three demo bots. */
export const DEMO_USERS: readonly DemoUser[] = [
  { username: "aziza", password: "demo-aziza", role: "owner", plan: "premium" },
  { username: "boris", password: "demo-boris", role: "owner", plan: "free" },
  { username: "admin", password: "demo-admin", role: "admin", plan: "free" },
];

const tokenAnswer = z.object({ access_token: z.string() });

interface KnownBot {
  readonly id: string;
  readonly telegramUsername: string;
}

/**
 * Puts Aziza on her plan and, where Telegram is the simulator, brings the three demo bots (uz, ru, en) to life, all
 * through the public API; later starts set their webhooks anew.
 */
export async function seedDemo(stack: Stack): Promise<void> {
  const admin = apiAs(stack, await tokenOf(stack, "admin", "demo-admin"));
  const aziza = apiAs(stack, await tokenOf(stack, "aziza", "demo-aziza"));
  const { owner } = await aziza<{ owner: { id: string } }>("GET", "/me");
  await admin("PUT", `/admin/owners/${owner.id}/plan`, { plan: "premium" });
  if (!stack.neighbours.simulator) return;
  const known = await aziza<{ bots: KnownBot[] }>("GET", "/bots");
  for (const bot of DEMO_BOTS) {
    const there = known.bots.find(({ telegramUsername }) => telegramUsername === bot.username);
    const { id } = there ?? (await createBot(stack, bot, aziza));
    await aziza("POST", `/bots/${id}/webhook`, {});
  }
}

async function createBot(stack: Stack, bot: DemoBot, aziza: Api): Promise<{ id: string }> {
  const simulator = simulatorClient(stack.neighbours.simulator);
  const { token } = await simulator.createBot({ username: bot.username, firstName: bot.name });
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

type Api = <T>(method: string, path: string, body?: unknown) => Promise<T>;

function apiAs(stack: Stack, token: string): Api {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${stack.web}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`demo: ${method} ${path} answered ${response.status} ${text}`);
    return JSON.parse(text);
  };
}

async function tokenOf({ neighbours: { keycloak } }: Stack, username: string, password: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "password", client_id: keycloak.clientId, username, password });
  const response = await fetch(keycloak.tokenEndpoint, { method: "POST", body: form });
  if (!response.ok) throw new Error(`demo: Keycloak refused the password of ${username} (${response.status})`);
  return tokenAnswer.parse(await response.json()).access_token;
}
