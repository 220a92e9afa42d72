import { crashPoint } from "@botfactory/crash-points";
import type { JsMsg } from "nats";
import type { ChatPlace } from "./chat-place.ts";
import type { FairPlaces } from "./fair-places.ts";
import { type Attempt, NO_SETBACKS, type Setbacks } from "./steadfast-work.ts";

export interface HeldChatsOptions {
  readonly attempt: Attempt;
  /** Where chats are worked on, each in its turn. */
  readonly places: Pick<FairPlaces, "run" | "onIdle">;
  readonly stopping: AbortSignal;
}

export type Nudge = Pick<JsMsg, "seq" | "subject" | "ack" | "nak" | "working">;

/** The chats this worker holds a nudge of. */
export interface HeldChats {
  take(place: ChatPlace, nudge: Nudge): void;
  /** Gives back what waits and resolves when what runs has ended. */
  release(): Promise<void>;
}

interface Held {
  readonly place: ChatPlace;
  nudge: Nudge;
  /** Another nudge came while the work was going on: look once more before letting go. */
  again: boolean;
  setbacks: Setbacks;
  pause?: NodeJS.Timeout | undefined;
}

// A third of the consumer's ack wait.
const STILL_WORKING_EVERY_MS = 1_000;
// How soon another worker's chat is looked at again: the bound of how long a dead one's chat rests.
const HELD_ELSEWHERE_MS = 500;
// Enough work for some time, at a word to the log a second for each. Beyond it a bot with more than its share is sent back
// for a while, so that the chats of others, further behind in the queue, are seen.
const MANY_CHATS = 1_000;
const SENT_BACK_MS = 10_000;

/**
 * A chat's nudges collapse into the newest one: it stays unacknowledged until nothing waits in the chat, so the earlier
 * ones need not be kept.
 */
export function heldChats({ attempt, places, stopping }: HeldChatsOptions): HeldChats {
  const held = heldPerBot();
  const heartbeat = setInterval(() => {
    for (const { nudge } of held.all()) nudge.working();
  }, STILL_WORKING_EVERY_MS);

  function enqueue(chat: Held): void {
    chat.pause = undefined;
    places.run(chat.place, () => run(chat));
  }

  async function run(chat: Held): Promise<void> {
    if (stopping.aborted) return letGo(chat, () => chat.nudge.nak());
    chat.again = false;
    const outcome = await attempt(chat.place, chat.setbacks);
    chat.setbacks = outcome.kind === "later" ? outcome.setbacks : NO_SETBACKS;
    if (outcome.kind === "idle") return chat.again ? enqueue(chat) : letGo(chat, () => settled(chat.nudge));
    if (stopping.aborted) return letGo(chat, () => chat.nudge.nak());
    if (outcome.kind === "held") return letGo(chat, () => chat.nudge.nak(HELD_ELSEWHERE_MS));
    chat.pause = setTimeout(() => enqueue(chat), outcome.ms);
  }

  function letGo(chat: Held, answer: () => void): void {
    answer();
    held.remove(chat);
  }

  return {
    take(place, nudge) {
      const known = held.of(nudge.subject);
      if (known !== undefined) return collapse(known, nudge);
      if (held.isFloodedBy(place)) return nudge.nak(SENT_BACK_MS);
      const chat = { place, nudge, again: false, setbacks: NO_SETBACKS };
      held.add(chat);
      enqueue(chat);
    },
    async release() {
      for (const chat of held.all().filter(({ pause }) => pause !== undefined)) {
        clearTimeout(chat.pause);
        letGo(chat, () => chat.nudge.nak());
      }
      await places.onIdle();
      clearInterval(heartbeat);
    },
  };
}

function heldPerBot() {
  const held = new Map<string, Held>();
  const perBot = new Map<string, number>();
  const by = (botId: string) => perBot.get(botId) ?? 0;
  return {
    all: (): readonly Held[] => [...held.values()],
    of: (subject: string) => held.get(subject),
    isFloodedBy: ({ botId }: ChatPlace) =>
      held.size >= 2 * MANY_CHATS || (held.size >= MANY_CHATS && by(botId) >= MANY_CHATS / perBot.size),
    add(chat: Held): void {
      held.set(chat.nudge.subject, chat);
      perBot.set(chat.place.botId, by(chat.place.botId) + 1);
    },
    remove({ nudge, place: { botId } }: Held): void {
      held.delete(nudge.subject);
      if (by(botId) > 1) perBot.set(botId, by(botId) - 1);
      else perBot.delete(botId);
    },
  };
}

function settled(nudge: Nudge): void {
  nudge.ack();
  crashPoint("wrk.afterAck");
}

function collapse(known: Held, nudge: Nudge): void {
  known.again = true;
  // An older one may be settled elsewhere: redelivered while the log was away, another worker found the chat idle before
  // the newer update was stored. It would keep nothing for a successor.
  if (nudge.seq < known.nudge.seq) nudge.ack();
  else {
    if (nudge.seq > known.nudge.seq) known.nudge.ack();
    known.nudge = nudge;
  }
}
