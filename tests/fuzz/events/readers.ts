import { eventCodec, type Recorded } from "@botfactory/event-store";
import { type AccountEvent, AccountEventSchema } from "@botfactory/proto/events/v1/account";
import { AllowanceEventSchema } from "@botfactory/proto/events/v1/allowance";
import { type ConversationEvent, ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { type QuotaEvent, QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { evolveAllowance, unspent } from "../../../services/ai/src/domain/allowance.ts";
import { emptyLedger } from "../../../services/ai/src/domain/ledger.ts";
import { quota } from "../../../services/ai/src/domain/quota.ts";
import { projectUsage, usageIdsOf } from "../../../services/ai/src/read-model/project-usage.ts";
import { evolve as evolveAccount, newAccount } from "../../../services/bots/src/domain/account-state.ts";
import { telegramBot } from "../../../services/bots/src/domain/telegram-bot.ts";
import { projectAccount } from "../../../services/bots/src/read-model/project-account.ts";
import { projectBot } from "../../../services/bots/src/read-model/project-bot.ts";
import { conversation } from "../../../services/conversation/src/domain/conversation.ts";
import { projectChat } from "../../../services/conversation/src/read-model/project-chat.ts";
import { projectDay } from "../../../services/conversation/src/read-model/project-daily-stats.ts";
import { projectMessage } from "../../../services/conversation/src/read-model/project-message.ts";
import { goldenBytes } from "./golden.ts";

/** Everything that reads one aggregate's events, over bytes; each function throws what the reader throws. */
export interface Reader {
  readonly name: string;
  readonly golden: readonly Uint8Array[];
  /** The folds of the bytes' event over a state of every golden event; throws for bytes that hold no known event. */
  decode(bytes: Uint8Array): readonly Fold[];
}

export interface Fold {
  readonly of: string;
  readonly before: unknown;
  apply(): unknown;
}

type Known<Wrapper extends { event: { case: string | undefined } }> = Exclude<Wrapper["event"], { case: undefined }>;

const LIMITS = {
  callsAWindow: 10,
  windowMs: 60_000,
  callsADay: 100,
  longestCallMs: 60_000,
  beginWithinMs: 10_000,
  clockErrorMs: 1_000,
};
const time = new Date(1_795_377_806_000);

function recorded<Event>(event: Event, subject: string): Recorded<Event> {
  const all = { event, id: "01", sequence: 7, subject, time, version: 1, hash: "" };
  return all;
}

function accountReader(): Reader {
  const golden = goldenBytes(AccountEventSchema.typeName);
  const codec = eventCodec(AccountEventSchema, "fuzz");
  const fact = (event: Known<AccountEvent>) => recorded(event, "accounts.owner");
  const history = golden.map((bytes) => codec.decode(bytes)).filter((event) => event.case !== "botDeleted");
  const state = history.reduce(evolveAccount, newAccount);
  const bot = history.map(fact).reduce<ReturnType<typeof projectBot>>(projectBot, undefined);
  return {
    name: "account",
    golden,
    decode(bytes) {
      const event = codec.decode(bytes);
      return [
        { of: "account", before: state, apply: () => evolveAccount(state, event) },
        { of: "bot", before: bot, apply: () => projectBot(bot, fact(event)) },
        { of: "account document", before: undefined, apply: () => projectAccount(undefined, fact(event)) },
      ];
    },
  };
}

function conversationReader(): Reader {
  const golden = goldenBytes(ConversationEventSchema.typeName);
  const codec = eventCodec(ConversationEventSchema, "fuzz");
  const fact = (event: Known<ConversationEvent>) => recorded(event, "conversations.bot.chat");
  const history = golden.map((bytes) => codec.decode(bytes));
  const state = history.reduce(conversation.evolve, conversation.initial);
  return {
    name: "conversation",
    golden,
    decode(bytes) {
      const event = codec.decode(bytes);
      return [
        { of: "chat", before: state, apply: () => conversation.evolve(state, event) },
        { of: "chat document", before: undefined, apply: () => projectChat(undefined, fact(event)) },
        { of: "message", before: undefined, apply: () => projectMessage(undefined, fact(event)) },
        { of: "day", before: undefined, apply: () => projectDay(undefined, fact(event)) },
      ];
    },
  };
}

function quotaReader(): Reader {
  const golden = goldenBytes(QuotaEventSchema.typeName);
  const codec = eventCodec(QuotaEventSchema, "fuzz");
  const fact = (event: Known<QuotaEvent>) => recorded(event, "quotas.project.model");
  const { evolve } = quota(LIMITS);
  const state = golden.map((bytes) => codec.decode(bytes)).reduce(evolve, emptyLedger);
  return {
    name: "quota",
    golden,
    decode(bytes) {
      const event = codec.decode(bytes);
      return [
        { of: "ledger", before: state, apply: () => evolve(state, event) },
        {
          of: "usage",
          before: undefined,
          apply: () => [usageIdsOf(fact(event)), projectUsage(undefined, fact(event))],
        },
      ];
    },
  };
}

function allowanceReader(): Reader {
  const golden = goldenBytes(AllowanceEventSchema.typeName);
  const codec = eventCodec(AllowanceEventSchema, "fuzz");
  const fold = (state: typeof unspent, bytes: Uint8Array) =>
    evolveAllowance(LIMITS, state, { fact: codec.decode(bytes), storedAt: time.getTime() });
  const state = golden.reduce(fold, unspent);
  return {
    name: "allowance",
    golden,
    decode(bytes) {
      codec.decode(bytes);
      return [{ of: "allowance", before: state, apply: () => fold(state, bytes) }];
    },
  };
}

function telegramBotReader(): Reader {
  const golden = goldenBytes(TelegramBotEventSchema.typeName);
  const codec = eventCodec(TelegramBotEventSchema, "fuzz");
  return {
    name: "telegram-bot",
    golden,
    decode(bytes) {
      const event = codec.decode(bytes);
      const apply = () => telegramBot.evolve(telegramBot.initial, event);
      return [{ of: "claim", before: telegramBot.initial, apply }];
    },
  };
}

export const READERS = [
  accountReader(),
  conversationReader(),
  quotaReader(),
  allowanceReader(),
  telegramBotReader(),
] as const;
