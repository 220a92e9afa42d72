import type { Stack } from "@botfactory/cli/stack";
import { type Owner, people } from "../../e2e/support/people.ts";
import type { Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";

/** A bot of the bench's owner with its webhook set. */
export interface ConnectedBot {
  readonly id: string;
  readonly webhook: Webhook;
}

/** Owners of the premium plan, aziza unless named, and the way to bots of theirs. */
export function ownerOf(stack: Stack, world: World) {
  const all = people(stack.web, stack.neighbours.keycloak);
  let bots = 0;

  const onPremium = new Set<string>();

  async function owner(name = "aziza"): Promise<Owner> {
    const caller = await all.owner(name);
    await caller.call("GET", "/me");
    return caller;
  }

  async function choosePlan({ ownerId }: Owner): Promise<void> {
    const admin = await all.owner("admin");
    await admin.call("PUT", `/admin/owners/${ownerId}/plan`, { plan: "premium" });
  }

  async function connectBot(name?: string): Promise<ConnectedBot> {
    const caller = await owner(name);
    if (!onPremium.has(caller.username)) await choosePlan(caller);
    onPremium.add(caller.username);
    bots += 1;
    const created = await caller.call<{ id: string }>("POST", "/bots", {
      name: `Bench ${bots}`,
      description: "",
      language: "en",
      platform: "telegram",
      systemPrompt: "You are a helpful assistant.",
      telegramToken: `${7_000_000_000 + bots}:${"benchmark-".repeat(4)}`,
    });
    const { id } = created.body;
    if (created.status !== 201) throw new Error(`create bot: ${created.status} ${created.text}`);
    const set = await caller.call("POST", `/bots/${id}/webhook`, {});
    if (set.status !== 200) throw new Error(`set webhook: ${set.status} ${set.text}`);
    const url = `${stack.ingress}/telegram/webhook/${id}`;
    const secret = world.webhookSecrets.get(url) ?? "";
    return { id, webhook: { url, headers: { "x-telegram-bot-api-secret-token": secret } } };
  }

  return { owner, connectBot };
}
