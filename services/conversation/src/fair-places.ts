import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import { type Belongs, fairOrder } from "./fair-order.ts";
import { type Place, placesTaken } from "./places-taken.ts";

/** Places at which chats are worked on side by side, given to owners in turn. */
export interface FairPlaces {
  /** Runs the work on a chat when it is its turn; the task never rejects. One task of a chat at a time. */
  run(chat: ChatPlace, task: () => Promise<void>): void;
  /** Gives the chat's place to another one while its work waits for what is scarcer, such as the quota. */
  stepAside(chat: ChatPlace): void;
  onIdle(): Promise<void>;
}

export interface FairPlacesOptions {
  /** Places anybody may take. A quarter more is kept for owners who have none. */
  readonly atOnce: number;
  /** Undefined while it is not known: then the bot counts as an owner of its own. */
  readonly ownerOf: (botId: string) => string | undefined;
}

interface Waiting extends Belongs {
  readonly chat: ChatPlace;
  readonly task: () => Promise<void>;
}

// Each is a call that waits at ai and costs a stream there.
const ASIDE_PER_PLACE = 4;

/**
 * One owner alone may take every place, so others do not wait for one of them to end only because of the places kept
 * free for owners who have none.
 */
export function fairPlaces({ atOnce, ownerOf }: FairPlacesOptions): FairPlaces {
  const kept = Math.ceil(atOnce / 4);
  const order = fairOrder<Waiting>();
  const taken = placesTaken({ mostAside: atOnce * ASIDE_PER_PLACE });
  const running = new Set<Promise<void>>();
  const working = new Map<string, Place>();

  const next = () => {
    if (taken.all() < atOnce) return order.take(() => true);
    return taken.all() < atOnce + kept ? order.take((owner) => taken.by(owner) === 0) : undefined;
  };

  function fill(): void {
    for (let waiting = next(); waiting !== undefined; waiting = next()) {
      const ended = start(waiting);
      running.add(ended);
      void ended.then(() => {
        running.delete(ended);
        fill();
      });
    }
  }

  async function start({ owner, chat, task }: Waiting): Promise<void> {
    const subject = conversationSubject(chat);
    const place = taken.take(owner);
    working.set(subject, place);
    try {
      await task();
    } finally {
      // Its last step may have asked for the chat's next work, which then began at a free place.
      if (working.get(subject) === place) working.delete(subject);
      place.leave();
    }
  }

  return {
    run(chat, task) {
      const belongs = { owner: ownerOf(chat.botId) ?? chat.botId, botId: chat.botId };
      order.add(belongs, { ...belongs, chat, task });
      fill();
    },
    stepAside(chat) {
      if (working.get(conversationSubject(chat))?.stepAside()) fill();
    },
    async onIdle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
