import { Language } from "@botfactory/proto/events/v1/account";
import { TurnSource, type TurnUpdate, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { v7 as newTurnId } from "uuid";
import type { AnsweringBot } from "./bots-client.ts";
import type { ChatPlace } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { StartTurn } from "./domain/commands.ts";
import type { ChatOfUpdate } from "./domain/incoming-update.ts";
import type { TurnStep, WaitingUpdate } from "./domain/next-step.ts";
import { languageOf } from "./language.ts";

/** The person's words and what is known of them, before they are sealed. */
export interface Words {
  readonly text: string;
  readonly languageCode: string;
  readonly chat: ChatOfUpdate;
  readonly updates: readonly TurnUpdate[];
  readonly source: TurnSource;
}

export interface Claimant {
  readonly workerId: string;
  readonly texts: ChatTexts;
}

/** Makes the command that claims words as a turn of one worker. */
export function turnStarter({ workerId, texts }: Claimant) {
  return async (place: ChatPlace, bot: AnsweringBot, { words, ofChat }: { words: Words; ofChat: Language }) => {
    const hints = { ofChat, languageCode: words.languageCode, ofBot: bot.language };
    const command: StartTurn = {
      type: "StartTurn",
      turnId: newTurnId(),
      workerId,
      updates: [...words.updates],
      sealedText: await texts.seal(place, words.text),
      language: languageOf(words.text, hints) || Language.EN,
      source: words.source,
      startedAtUnixMs: BigInt(Date.now()),
      opened: { ownerId: bot.ownerId, sealedIdentity: await texts.sealIdentity(place, words.chat) },
    };
    return command;
  };
}

export function wordsOf(step: TurnStep): Words {
  const { text, languageCode, chat } = step;
  return { text, languageCode, chat, updates: step.updates.map(turnUpdate), source: TurnSource.TELEGRAM };
}

export function turnUpdate({ updateId, streamSequence, content }: WaitingUpdate): TurnUpdate {
  const messageId = content.kind === "pass-over" ? "" : content.messageId;
  return create(TurnUpdateSchema, { updateId, streamSequence, messageId });
}
