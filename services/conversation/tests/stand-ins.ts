import { DomainError } from "@botfactory/decider";
import { AiService, type GenerateRequest, type GenerateResponseSchema } from "@botfactory/proto/ai/v1/ai";
import { BotState, BotsService, type GetBotForReplyResponse } from "@botfactory/proto/bots/v1/bots";
import { type Authenticate, type Handlers, serve } from "@botfactory/rpc";
import { createLogger } from "@botfactory/service-kit";
import type { MessageInitShape } from "@bufbuild/protobuf";

const logger = createLogger("stand-in", "silent");
const neverAsked = async () => Promise.reject(new DomainError("invalid", "internal"));

/** The two methods of bots that conversation calls, over real gRPC. */
export async function standInBots(authenticate: Authenticate) {
  const known = new Map<string, GetBotForReplyResponse>();
  const revoked: string[] = [];
  const replaced = new Set<string>();
  let away = false;
  const methods: Handlers<typeof BotsService> = {
    ...{ getAccount: neverAsked, createBot: neverAsked, getBot: neverAsked, listBots: neverAsked },
    ...{ updateBot: neverAsked, deleteBot: neverAsked, setWebhook: neverAsked, deleteWebhook: neverAsked },
    ...{ getWebhookStatus: neverAsked, setPlan: neverAsked, getPollingToken: neverAsked },
    async getBotForReply({ botId }) {
      if (away) throw new DomainError("unavailable", "unavailable");
      const bot = known.get(botId);
      if (bot === undefined) throw new DomainError("not-found", "bot_not_found");
      return bot;
    },
    async reportTokenRevoked({ botId }) {
      revoked.push(botId);
      const bot = known.get(botId);
      // As bots does, which asks Telegram about the token it has now.
      if (bot !== undefined && !replaced.has(botId)) known.set(botId, { ...bot, state: BotState.TOKEN_REVOKED });
      return {};
    },
  };
  const access = everyMethodFor(BotsService.method);
  const server = await serve({ service: BotsService, methods, access, authenticate, logger, port: 0 });
  return {
    url: `127.0.0.1:${server.port}`,
    known,
    revoked,
    replaceToken(botId: string, telegramToken: string) {
      const bot = known.get(botId);
      if (bot !== undefined) known.set(botId, { ...bot, telegramToken });
      replaced.add(botId);
    },
    goAway: () => {
      away = true;
    },
    comeBack: () => {
      away = false;
    },
    stop: () => server.drain(0),
  };
}

type Part = MessageInitShape<typeof GenerateResponseSchema>;
/** What the model does with a request: answers, or throws. */
export type Script = (request: GenerateRequest) => Promise<string>;

/** The method of ai that conversation calls, over real gRPC; a script says what the model answers. */
export async function standInAi(authenticate: Authenticate) {
  const requests: GenerateRequest[] = [];
  const echo: Script = async ({ text }) => `echo: ${text}`;
  let script = echo;
  let makesWait = (_: GenerateRequest) => false;
  const methods: Handlers<typeof AiService> = {
    async *generate(request): AsyncIterable<Part> {
      requests.push(request);
      if (makesWait(request)) yield { part: { case: "quotaWait", value: { waitMs: 10_000 } } };
      const text = await script(request);
      const middle = Math.floor(text.length / 2);
      for (const piece of [text.slice(0, middle), text.slice(middle)]) {
        yield { part: { case: "textDelta", value: { text: piece } } };
      }
      yield { part: { case: "finished", value: { model: "stand-in", inputTokens: 3, outputTokens: 4 } } };
    },
    getUsage: neverAsked,
  };
  const access = everyMethodFor(AiService.method);
  const server = await serve({ service: AiService, methods, access, authenticate, logger, port: 0 });
  return {
    url: `127.0.0.1:${server.port}`,
    requests,
    answers: (next: Script = echo) => {
      script = next;
    },
    /** Requests for which the quota has no room: they are told so before the script answers. */
    makesWait: (which: typeof makesWait = () => false) => {
      makesWait = which;
    },
    refuses: (error: DomainError) => {
      script = () => Promise.reject(error);
    },
    stop: () => server.drain(0),
  };
}

function everyMethodFor<Methods extends object>(methods: Methods) {
  const rules = Object.keys(methods).map((name) => [name, ["conversation"]]);
  return Object.fromEntries(rules) as { [Name in keyof Methods]: readonly string[] };
}
