import { randomBytes } from "node:crypto";
import { DomainError } from "@botfactory/decider";
import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { type Authenticate, authenticator, type Handlers, type KeycloakOptions, serve } from "@botfactory/rpc";

const logger = { error() {}, debug() {} };
const owner = "owner" as const;
const notHere = () => Promise.reject(new DomainError("unavailable", "unavailable"));

export interface StandIns {
  readonly bots?: Partial<Handlers<typeof BotsService>>;
  readonly ai?: Partial<Handlers<typeof AiService>>;
  readonly conversation?: Partial<Handlers<typeof ConversationService>>;
}

/** The three services over real gRPC with real token checks; methods a test does not give are unavailable. */
export async function standInServices(keycloak: KeycloakOptions, given: StandIns) {
  const authenticate = authenticator({ keycloak, serviceAuthKey: randomBytes(32).toString("base64") });
  const servers = [
    await bots(authenticate, given),
    await ai(authenticate, given),
    await conversation(authenticate, given),
  ];
  const [botsUrl, aiUrl, conversationUrl] = servers.map(({ port }) => `127.0.0.1:${port}`);
  if (botsUrl === undefined || aiUrl === undefined || conversationUrl === undefined) throw new Error("not started");
  return {
    urls: { botsUrl, aiUrl, conversationUrl },
    async stop() {
      for (const server of servers) await server.drain(0);
    },
  };
}

function bots(authenticate: Authenticate, given: StandIns) {
  return serve({
    service: BotsService,
    methods: {
      getAccount: notHere,
      createBot: notHere,
      getBot: notHere,
      listBots: notHere,
      updateBot: notHere,
      deleteBot: notHere,
      setWebhook: notHere,
      deleteWebhook: notHere,
      getWebhookStatus: notHere,
      setPlan: notHere,
      getBotForReply: notHere,
      getPollingToken: notHere,
      reportTokenRevoked: notHere,
      ...given.bots,
    },
    access: {
      getAccount: owner,
      createBot: owner,
      getBot: owner,
      listBots: owner,
      updateBot: owner,
      deleteBot: owner,
      setWebhook: owner,
      deleteWebhook: owner,
      getWebhookStatus: owner,
      setPlan: "admin",
      getBotForReply: [],
      getPollingToken: [],
      reportTokenRevoked: [],
    },
    authenticate,
    logger,
    port: 0,
  });
}

function ai(authenticate: Authenticate, given: StandIns) {
  return serve({
    service: AiService,
    methods: {
      // biome-ignore lint/correctness/useYield: a stream that fails at once
      async *generate() {
        await notHere();
      },
      getUsage: notHere,
      ...given.ai,
    },
    access: { generate: [], getUsage: owner },
    authenticate,
    logger,
    port: 0,
  });
}

function conversation(authenticate: Authenticate, given: StandIns) {
  return serve({
    service: ConversationService,
    methods: {
      listChats: notHere,
      listMessages: notHere,
      sendTestMessage: notHere,
      testChat: notHere,
      ...given.conversation,
    },
    access: { listChats: owner, listMessages: owner, sendTestMessage: owner, testChat: owner },
    authenticate,
    logger,
    port: 0,
  });
}
