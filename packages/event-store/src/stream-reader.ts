import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { ErrorCode, type NatsConnection, NatsError } from "nats";
import { announcedBy, announcementsOf } from "./announcements.ts";
import { DamageSuspected } from "./log-damaged.ts";
import { logEnd, storedMessage } from "./log-state.ts";
import { LogUnavailable } from "./log-unavailable.ts";
import { type Page, type Readable, readPage } from "./read-page.ts";
import { leadersMessage } from "./stream-message.ts";

/** What to read next. */
export interface NextPage {
  /** How many messages at most. */
  readonly max: number;
  /** How long to wait where there is none yet, ms; left out: not at all. */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** How far a reader is, by the word of the stream's leader. */
export interface ReaderState {
  /** The sequence of the stream's last message. */
  readonly end: number;
  /** Whether no message up to `end` is left to be handed out. */
  readonly isAtEnd: boolean;
}

/** Reads a stream in order, as long as it is asked to. */
export interface StreamReader {
  /**
   * The messages behind those handed out before, as one of the stream's copies has them. Throws `LogUnavailable` when one
   * was lost on the way, or when the connection was lost in between, after which the log may be another one.
   */
  next(page: NextPage): Promise<Page>;
  /** Throws `LogUnavailable` when the log ends before what was handed out. */
  state(): Promise<ReaderState>;
  close(): void;
}

/** Where to read: the messages of a stream whose subject fits a pattern (`>` for all), behind a sequence. */
export interface ReadAfter extends Readable {
  readonly after: number;
}

/** Who follows a stream looks again so often at least, ms, whatever it announces. */
export const LOOK_MS = 1_000;
/** A copy that has not got yet what its leader announced has it within milliseconds. */
const ASK_A_LAGGARD_MS = 20;

/**
 * Asks for pages by direct get, and again as soon as the stream announces news. Without a consumer: who may create one of
 * its own may have it deliver to any subject of the account, so no service may (ADR 0024).
 */
export function streamReader(nats: NatsConnection, from: ReadAfter): StreamReader {
  const { stream, subject } = from;
  const news = new EventEmitter();
  const connection = connectionOf(nats);
  let [announced, position] = [0, from.after];
  const hearing = nats.subscribe(announcementsOf(stream, subject), {
    callback: (_, announcement) => {
      announced = Math.max(announced, announcedBy(stream, announcement).sequence);
      news.emit("announced");
    },
  });

  async function ask(size: number): Promise<Page> {
    if (connectionOf(nats) !== connection) throw new LogUnavailable("the connection was lost since the last page");
    const page = await readPage(nats, from, { from: position + 1, size }).catch((error) => {
      if (error instanceof DamageSuspected || isUnanswered(error)) return leadersNext();
      throw error;
    });
    position = page.messages.at(-1)?.sequence ?? position;
    return page;
  }

  /** One at a time and not by its headers, where these cannot be read or the stream is not declared for more yet. */
  async function leadersNext(): Promise<Page> {
    const manager = await nats.jetstreamManager({ checkAPI: false });
    const next = await storedMessage(manager, stream, { seq: position + 1, next_by_subj: subject });
    return next === undefined ? { messages: [], pending: 0 } : { messages: [leadersMessage(next)], pending: 1 };
  }

  return {
    async next({ max, waitMs = 0, signal }) {
      const deadline = performance.now() + waitMs;
      for (;;) {
        const page = await ask(max);
        const left = deadline - performance.now();
        if (page.messages.length > 0 || left <= 0 || signal?.aborted) return page;
        if (announced > position) await pause(ASK_A_LAGGARD_MS);
        else await newsWithin(news, left, signal);
        // Without news there is nothing to ask again for before the next call does.
        if (announced <= position) return page;
      }
    },
    async state() {
      const end = await logEnd(nats, stream);
      if (end < position) throw new LogUnavailable(`stream ${stream} ends before what was read of it`);
      const isAtEnd = end === position || (await leadersNext()).messages.length === 0;
      // What was announced and is gone again need not be waited for.
      if (isAtEnd && announced <= end) announced = position;
      return { end, isAtEnd };
    },
    close: () => hearing.unsubscribe(),
  };
}

/** Resolves with the next announcement, after so long, or when `signal` aborts (each `AbortSignal.any` would leave a little with a signal that lives on). */
async function newsWithin(news: EventEmitter, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const wake = () => news.emit("announced");
  const timer = setTimeout(wake, ms);
  signal?.addEventListener("abort", wake);
  try {
    await once(news, "announced");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", wake);
  }
}

/** As where a version before this one declared the stream so that no copy answers. */
const isUnanswered = (error: unknown) => error instanceof NatsError && error.code === ErrorCode.NoResponders;

/** Another one after each reconnect. */
const connectionOf = ({ info }: NatsConnection) => `${info?.server_id}.${info?.client_id}`;
