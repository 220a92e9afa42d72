import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { type Authenticate, authenticator, mutualTls, serve } from "@botfactory/rpc";
import { adminServer, connectNats, type Logger, requireSyncedNats, tlsFiles } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { v7 as newWorkerId } from "uuid";
import { chatLog } from "./chat-log.ts";
import { chatTexts } from "./chat-texts.ts";
import type { ConversationConfig } from "./config.ts";
import { conversationAccess, conversationRpc } from "./conversation-rpc.ts";
import { fairPlaces } from "./fair-places.ts";
import { neighbours } from "./neighbours.ts";
import { presence as presenceOf } from "./presence.ts";
import { observeQueue } from "./queue-metrics.ts";
import { chatLister } from "./read-model/list-chats.ts";
import { messageLister } from "./read-model/list-messages.ts";
import { readModel } from "./read-model/read-model.ts";
import { type TestMessageOptions, testMessageSender } from "./send-test-message.ts";
import { declareStreams } from "./streams.ts";
import { type TestChatOptions, testChat } from "./test-chat.ts";
import { startWorker } from "./worker.ts";
import { replyWriter } from "./write-reply.ts";

export interface Conversation {
  readonly port: number;
  readonly adminPort: number;
  readonly workerId: string;
  stop(): Promise<void>;
}

export interface ConversationEnvironment {
  readonly logger: Logger;
  readonly stopping?: AbortSignal;
  /** Who calls; Keycloak's and the services' tokens unless a test says otherwise. */
  readonly authenticate?: Authenticate;
}

/** Starts one conversation service: admin port first, so that probes have an answer while the log is awaited. */
export async function startConversation(
  config: ConversationConfig,
  { logger, stopping, ...environment }: ConversationEnvironment,
): Promise<Conversation> {
  const checks: Record<string, () => boolean> = { started: () => false };
  const admin = await adminServer({ port: config.ADMIN_PORT, checks, ...(stopping ? { stopping } : {}) });
  const { NATS_REPLICAS: replicas } = config;
  const tls = await mutualTls({ service: "conversation", files: tlsFiles(config), logger });
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: "conversation", logger });
  await declareStreams(nats, replicas);

  const workerId = newWorkerId();
  const presence = await presenceOf(nats, { workerId, replicas });
  const texts = chatTexts(await keyRing(nats, keyEncryptionKey(config.KEY_ENCRYPTION_KEY), { replicas }));
  const model = readModel({ nats, mongodbUrl: config.MONGODB_URL, logger });
  const chats = chatLog(nats, model);
  const { generate, close, ...others } = neighbours(config, tls);
  const places = fairPlaces({ atOnce: config.TURNS_AT_ONCE, ownerOf: others.bots.ownerOf });
  const write = replyWriter({ generate, texts, onQuotaWait: places.stepAside });
  const answering = { workerId, chats, texts, presence, write, ...others };
  const server = await serve({
    service: ConversationService,
    access: conversationAccess,
    authenticate: environment.authenticate ?? authenticatorOf(config),
    tls,
    logger,
    port: config.PORT,
    methods: methodsOf(answering, model),
  });
  observeQueue(nats);
  const worker = await startWorker({ nats, places, config, logger, ...answering });
  Object.assign(checks, readiness(nats, model));

  return {
    port: server.port,
    adminPort: admin.port,
    workerId,
    async stop() {
      await worker.stop();
      await server.drain();
      await presence.leave();
      await model.stop();
      close();
      await nats.drain();
      await admin.close();
      tls?.close();
    },
  };
}

function readiness(nats: NatsConnection, { watermark }: ReturnType<typeof readModel>): Record<string, () => boolean> {
  return {
    started: () => true,
    nats: () => !nats.isClosed(),
    log_intact: () => watermark.damage() === undefined,
  };
}

function methodsOf(answering: TestMessageOptions & TestChatOptions, model: ReturnType<typeof readModel>) {
  const { bots, texts } = answering;
  return conversationRpc({
    bots,
    listChats: chatLister({ chats: model.chats, texts }),
    listMessages: messageLister({ messages: model.messages, texts }),
    sendTestMessage: testMessageSender(answering),
    converse: testChat(answering),
  });
}

function authenticatorOf(config: ConversationConfig): Authenticate {
  const { KEYCLOAK_URL: url, KEYCLOAK_REALM: realm, KEYCLOAK_CLIENT_ID: clientId } = config;
  return authenticator({ keycloak: { url, realm, clientId }, serviceAuthKey: config.SERVICE_AUTH_KEY });
}
