import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import { type Belongs, fairOrder } from "./fair-order.ts";

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
  const taken = placesTaken();
  const running = new Set<Promise<void>>();
  const working = new Map<string, () => void>();
  let aside = 0;

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
    let isAside = false;
    taken.enter(owner);
    const goAside = () => {
      if (isAside || aside >= atOnce * ASIDE_PER_PLACE) return;
      isAside = true;
      aside += 1;
      taken.leave(owner);
      fill();
    };
    working.set(subject, goAside);
    try {
      await task();
    } finally {
      // Its last step may have asked for the chat's next work, which then began at a free place.
      if (working.get(subject) === goAside) working.delete(subject);
      if (isAside) aside -= 1;
      else taken.leave(owner);
    }
  }

  return {
    run(chat, task) {
      const { botId } = chat;
      const owner = ownerOf(botId) ?? botId;
      order.add({ owner, botId }, { owner, botId, chat, task });
      fill();
    },
    stepAside: (chat) => working.get(conversationSubject(chat))?.(),
    async onIdle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function placesTaken() {
  const perOwner = new Map<string, number>();
  let all = 0;
  const by = (owner: string) => perOwner.get(owner) ?? 0;
  return {
    all: () => all,
    by,
    enter(owner: string) {
      all += 1;
      perOwner.set(owner, by(owner) + 1);
    },
    leave(owner: string) {
      all -= 1;
      if (by(owner) > 1) perOwner.set(owner, by(owner) - 1);
      else perOwner.delete(owner);
    },
  };
}
