import { awaitStream } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { answering } from "./answer.ts";
import type { ChatLog } from "./chat-log.ts";
import type { ChatTexts } from "./chat-texts.ts";
import { chatWork } from "./chat-work.ts";
import { claims as claimsOf } from "./claims.ts";
import type { ConversationConfig } from "./config.ts";
import { delivering } from "./deliver.ts";
import type { FairPlaces } from "./fair-places.ts";
import { heldChats } from "./held-chats.ts";
import type { Neighbours } from "./neighbours.ts";
import { takeNudges } from "./nudges.ts";
import type { Presence } from "./presence.ts";
import { quarantining } from "./quarantine.ts";
import { steadfast } from "./steadfast-work.ts";
import { UPDATES, updateQueue } from "./waiting-updates.ts";
import type { WriteReply } from "./write-reply.ts";

export interface WorkerOptions extends Omit<Neighbours, "generate" | "close"> {
  readonly nats: NatsConnection;
  readonly workerId: string;
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly presence: Presence;
  readonly write: WriteReply;
  readonly places: FairPlaces;
  readonly config: ConversationConfig;
  readonly logger: Logger;
}

/** Answers people: from the nudge to the reply in Telegram. Waits for ingress's stream first. */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { nats, config, logger } = options;
  const stopping = new AbortController();
  await awaitStream(nats, UPDATES, Number.POSITIVE_INFINITY);
  const queue = await updateQueue(nats);
  const claims = claimsOf(options.presence);
  const deliver = delivering({ ...options, claims, sendOnDoubt: config.SEND_ON_DOUBT });
  const answer = answering({ ...options, deliver });
  const work = chatWork({ ...options, queue, claims, answer });
  const quarantine = quarantining({ ...options, queue });
  const attempt = steadfast({ work, quarantine, logger });
  const chats = heldChats({ attempt, places: options.places, stopping: stopping.signal });
  const nudges = await takeNudges(nats, chats);
  return {
    async stop() {
      stopping.abort();
      await nudges.stop();
    },
  };
}
