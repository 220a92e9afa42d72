import { follow, type Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";

/** Closed loop without an end: each chat writes again as soon as it has its answer. */
export function keepBusy(world: World, webhook: Webhook, chats: readonly number[]): { stop(): Promise<void> } {
  let isWanted = true;
  const all = Promise.all(
    chats.map(async (chat) => {
      while (isWanted) await follow(world, webhook, chat);
    }),
  );
  // A failure is told by stop().
  all.catch(() => undefined);
  return {
    async stop() {
      isWanted = false;
      await all;
    },
  };
}
