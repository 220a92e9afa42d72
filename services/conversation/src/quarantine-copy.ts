import { traceHeaders } from "@botfactory/event-store";
import { headers, type NatsConnection } from "nats";
import type { ChatPlace } from "./chat-place.ts";
import type { UpdateQueue } from "./waiting-updates.ts";

/** Why an update is set aside, and what makes a repeated copy of it the same one. */
export interface QuarantineReason {
  readonly code: string;
  readonly by: string;
}

/** Keeps a copy of an update for people; one the log has forgotten is no loss. */
export function quarantineCopy(nats: NatsConnection, queue: Pick<UpdateQueue, "at">, { code, by }: QuarantineReason) {
  return async ({ botId }: ChatPlace, sequence: bigint): Promise<void> => {
    const update = await queue.at(sequence);
    if (update === undefined) return;
    const why = headers();
    const more = { "Quarantine-Reason": code, "Telegram-Update-Id": update.updateId, ...traceHeaders() };
    for (const [name, value] of Object.entries(more)) why.set(name, value);
    const msgID = `${by}:${botId}:${sequence}`;
    await nats.jetstream().publish(`quarantine.conversation.${botId}`, update.body, { msgID, headers: why });
  };
}
