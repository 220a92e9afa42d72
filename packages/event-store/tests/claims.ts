import { type Decider, DomainError } from "@botfactory/decider";
import {
  TelegramBotClaimedSchema,
  type TelegramBotEvent,
  TelegramBotEventSchema,
  TelegramBotReleasedSchema,
} from "@botfactory/proto/events/v1/telegram_bot";
import { create } from "@bufbuild/protobuf";
import { type EventOf, eventCodec } from "../src/index.ts";

export type ClaimEvent = EventOf<typeof TelegramBotEventSchema>;
export type { TelegramBotEvent };
export const claimCodec = eventCodec(TelegramBotEventSchema, "tests");

export const claimed = (botId: string): ClaimEvent => ({
  case: "telegramBotClaimed",
  value: create(TelegramBotClaimedSchema, { ownerId: "ada", botId }),
});

export const released = (botId: string): ClaimEvent => ({
  case: "telegramBotReleased",
  value: create(TelegramBotReleasedSchema, { botId }),
});

export type ClaimCommand = { readonly type: "claim" | "release"; readonly botId: string };

export interface Claim {
  readonly holder: string | undefined;
  /** Every bot that ever held it, in order: a lost or doubled event shows. */
  readonly history: readonly string[];
}

/** One Telegram bot belongs to one bot at a time: the smallest rule that races can break. */
export const claim: Decider<ClaimCommand, Claim, ClaimEvent> = {
  initial: { holder: undefined, history: [] },
  decide({ type, botId }, { holder }) {
    if (type === "release") return holder === botId ? [released(botId)] : [];
    if (holder === botId) return [];
    if (holder !== undefined) throw new DomainError("conflict", "token_taken");
    return [claimed(botId)];
  },
  evolve(state, event) {
    switch (event.case) {
      case "telegramBotClaimed":
        return { holder: event.value.botId, history: [...state.history, event.value.botId] };
      case "telegramBotReleased":
        return { ...state, holder: undefined };
    }
  },
};
