import { crashPoint } from "@botfactory/crash-points";
import { DomainError } from "@botfactory/decider";
import type { Logger } from "@botfactory/service-kit";
import type { Answer } from "./answer.ts";
import { type Bots, silenceOf } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { Claims } from "./claims.ts";
import { CLAIM_LOST } from "./domain/conversation.ts";
import type { Conversation } from "./domain/conversation-state.ts";
import { nextStep, type TurnStep, type WaitingUpdate } from "./domain/next-step.ts";
import type { Presence } from "./presence.ts";
import { turnStarter, turnUpdate, wordsOf } from "./start-turn.ts";
import { claimed, type OpenChat } from "./take-over.ts";
import { idsOf, type TurnOutcome } from "./turn-outcomes.ts";
import { inTraceOf, type UpdateQueue } from "./waiting-updates.ts";

/** How the work on a chat stands. */
export type ChatOutcome =
  /** Nothing is left to do. */
  | { readonly kind: "idle" }
  /** Another living worker answers. */
  | { readonly kind: "held" }
  | Extract<TurnOutcome, { kind: "later" }>;

export interface ChatWorkOptions {
  readonly workerId: string;
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly queue: UpdateQueue;
  readonly bots: Pick<Bots, "find">;
  readonly presence: Pick<Presence, "isGone">;
  readonly claims: Claims;
  readonly answer: Answer;
  readonly logger: Logger;
}

/** One step in a chat: at most one turn, so that chats take turns too. */
export type ChatWork = (place: ChatPlace) => Promise<ChatOutcome>;

const LOOK_AGAIN: ChatOutcome = { kind: "later", ms: 0 };
const UNCERTAIN_MS = 500;

/** Finds what the chat needs next and does it. The log decides; losing a race is no failure. */
export function chatWork(options: ChatWorkOptions): ChatWork {
  const { chats, queue } = options;
  const { next, goOn } = chatSteps(options);

  return async function work(place) {
    const outcome = await look(place).catch(lostRace);
    if (outcome.kind !== "over") return outcome;
    return (await isDone(place)) ? { kind: "idle" } : LOOK_AGAIN;
  };

  /**
   * Whether nothing came after what this process has just taken. Others may have gone on since, but then they hold a
   * nudge of their own, or an update is found here.
   */
  async function isDone(place: ChatPlace): Promise<boolean> {
    const known = chats.recall(conversationSubject(place))?.state;
    if (known === undefined || known.turn !== undefined) return false;
    return queue.isEmptyAfter(place, known);
  }

  async function look(place: ChatPlace): Promise<ChatOutcome | TurnOutcome> {
    const begun = await onRemembered(place);
    if (begun !== undefined) return begun;
    const { state } = await chats.load(conversationSubject(place));
    if (state.turn !== undefined) return goOn(place, { ...state, turn: state.turn });
    return (await next(place, state, await queue.waiting(place, state))) ?? { kind: "idle" };
  }

  /**
   * What is remembered is enough to begin on: had others gone on since, the log would refuse the claim. Where more than one
   * update waits they probably have, and asking costs less than being refused.
   */
  async function onRemembered(place: ChatPlace): Promise<TurnOutcome | undefined> {
    const remembered = chats.recall(conversationSubject(place))?.state;
    if (remembered === undefined || remembered.turn !== undefined) return undefined;
    const waiting = await queue.waiting(place, remembered);
    return waiting.length === 1 ? next(place, remembered, waiting) : undefined;
  }
}

/** What a chat may need, once it is found. */
function chatSteps(options: ChatWorkOptions) {
  const { workerId, chats, texts, queue, bots, presence, claims, answer, logger } = options;
  const startTurn = turnStarter({ workerId, texts });
  return { next, goOn };

  /** Undefined when nothing waits. */
  async function next(
    place: ChatPlace,
    state: Conversation,
    waiting: readonly WaitingUpdate[],
  ): Promise<TurnOutcome | undefined> {
    const step = nextStep(waiting);
    switch (step.kind) {
      case "nothing":
        return undefined;
      case "pass-over":
        return inTraceOf(queue, step.updates[0]?.streamSequence, () => passOver(place, step.updates, step.reason));
      case "turn":
        return begin(place, state, step);
    }
  }

  function begin(place: ChatPlace, state: Conversation, step: TurnStep): Promise<TurnOutcome> {
    return inTraceOf(queue, step.updates[0]?.streamSequence, async () => {
      const bot = await bots.find(place.botId);
      const silence = silenceOf(bot);
      if (bot === undefined || silence !== undefined) return passOver(place, step.updates, silence ?? "bot_deleted");
      const command = await startTurn(place, bot, { words: wordsOf(step), ofChat: state.language });
      claims.claiming(command.turnId);
      crashPoint("wrk.beforeClaim");
      const started = await chats.handle(conversationSubject(place), command);
      crashPoint("wrk.afterClaim");
      return answer(place, started.state);
    });
  }

  async function goOn(place: ChatPlace, state: OpenChat): Promise<ChatOutcome | TurnOutcome> {
    const { workerId: claimant, updates } = state.turn;
    if (claimant !== workerId && !(await presence.isGone(claimant))) return { kind: "held" };
    if (!claims.canClaim()) return { kind: "later", ms: UNCERTAIN_MS };
    return inTraceOf(queue, updates[0]?.streamSequence, async () =>
      answer(place, await claimed(options, place, state)),
    );
  }

  async function passOver(place: ChatPlace, updates: readonly WaitingUpdate[], reason: string): Promise<TurnOutcome> {
    const command = { type: "PassOverUpdates" as const, updates: updates.map(turnUpdate), reason };
    await chats.handle(conversationSubject(place), command);
    logger.info({ ...place, updateIds: idsOf(updates), reason }, "updates were passed over");
    return { kind: "over" };
  }
}

function lostRace(error: unknown): TurnOutcome {
  if (error instanceof DomainError && error.code === CLAIM_LOST) return { kind: "over" };
  throw error;
}
