import { DomainError } from "@botfactory/decider";
import type { Recorded } from "@botfactory/event-store";
import type { AccountFeed } from "./account-feed.ts";
import { ownerOfSubject } from "./accounts.ts";
import type { AccountFact } from "./domain/account-state.ts";

/** Whose a bot is, in memory from the log alone: answering users must not need MongoDB. */
export interface BotDirectory {
  note(recorded: Recorded<AccountFact>): void;
  /** Throws `bot_not_found` for a bot that is not, or no longer, in the log. */
  ownerOf(botId: string, feed: Pick<AccountFeed, "catchUp">): Promise<string>;
}

export function botDirectory(): BotDirectory {
  const owners = new Map<string, string>();

  return {
    note: ({ event, subject }) => {
      const ownerId = ownerOfSubject(subject);
      if (event.case === "botCreated" && ownerId !== undefined) owners.set(event.value.botId, ownerId);
      if (event.case === "botDeleted") owners.delete(event.value.botId);
    },
    ownerOf: async (botId, feed) => {
      // Another process may have created it a moment ago.
      if (!owners.has(botId)) await feed.catchUp();
      const ownerId = owners.get(botId);
      if (ownerId === undefined) throw new DomainError("not-found", "bot_not_found");
      return ownerId;
    },
  };
}
