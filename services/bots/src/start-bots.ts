import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { ensureStream, jetStreamEventStore, type LogWatermark } from "@botfactory/event-store";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { type Authenticate, authenticator, mutualTls, serve } from "@botfactory/rpc";
import { adminServer, connectNats, type Logger, requireSyncedNats, tlsFiles } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { accountFeed } from "./account-feed.ts";
import { ACCOUNTS_STREAM, accounts } from "./accounts.ts";
import { botDirectory } from "./bot-directory.ts";
import { botSecrets } from "./bot-secrets.ts";
import { botsAccess } from "./bots-access.ts";
import { botsMethods } from "./bots-rpc.ts";
import type { BotsConfig } from "./config.ts";
import { readModel } from "./read-model/read-model.ts";
import { telegram } from "./telegram.ts";
import { type WebhookReconcilerDeps, webhookReconciler } from "./webhook-reconciler.ts";
import { webhookTable } from "./webhook-table.ts";

export interface Bots {
  readonly port: number;
  readonly adminPort: number;
  stop(): Promise<void>;
}

export interface BotsEnvironment {
  readonly logger: Logger;
  readonly stopping?: AbortSignal;
  /** Who calls; Keycloak's and the services' tokens unless a test says otherwise. */
  readonly authenticate?: Authenticate;
}

/** Starts one bots service: admin port first, so that probes have an answer while the log is awaited. */
export async function startBots(config: BotsConfig, environment: BotsEnvironment): Promise<Bots> {
  const { logger, stopping } = environment;
  const checks: Record<string, () => boolean> = { started: () => false };
  const admin = await adminServer({ port: config.ADMIN_PORT, checks, ...(stopping ? { stopping } : {}) });
  const tls = await mutualTls({ service: "bots", files: tlsFiles(config), logger });
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: "bots", logger });
  await ensureStream(nats, { ...ACCOUNTS_STREAM, replicas: config.NATS_REPLICAS });

  const model = readModel({ nats, mongodbUrl: config.MONGODB_URL, logger });
  const kept = await accountsOn(nats, config, model.watermark);
  const following = followAccounts(nats, { ...kept, logger });
  const server = await serve({
    service: BotsService,
    access: botsAccess,
    authenticate: environment.authenticate ?? authenticatorOf(config),
    tls,
    logger,
    port: config.PORT,
    methods: botsMethods({
      ...kept,
      directory: following.directory,
      feed: following.feed,
      plans: config.PLANS,
      telegram: telegram(config.TELEGRAM_API_ROOT),
      webhooks: webhooksOf(config),
      now: Date.now,
      ...model,
    }),
  });
  Object.assign(checks, {
    started: () => true,
    accounts: following.feed.isCaughtUp,
    nats: () => !nats.isClosed(),
    log_intact: () => model.watermark.damage() === undefined,
  });

  return {
    port: server.port,
    adminPort: admin.port,
    async stop() {
      await server.drain();
      await following.stop();
      await model.stop();
      await nats.drain();
      await admin.close();
      tls?.close();
    },
  };
}

/** The accounts, and what goes with them: the bots' secrets and the webhook table. */
async function accountsOn(nats: NatsConnection, config: BotsConfig, watermark: LogWatermark) {
  const { NATS_REPLICAS: replicas, PLANS: plans } = config;
  const owners = accounts(jetStreamEventStore(nats, { stream: ACCOUNTS_STREAM.name, ...watermark }), plans);
  const secrets = botSecrets(await keyRing(nats, keyEncryptionKey(config.KEY_ENCRYPTION_KEY), { replicas }));
  const table = await webhookTable(nats, { accounts: owners, secrets, replicas });
  return { accounts: owners, secrets, table };
}

/** Keeps the directory and the webhook table up with the accounts. */
function followAccounts(nats: NatsConnection, { table, secrets, logger }: WebhookReconcilerDeps) {
  const directory = botDirectory();
  const reconciler = webhookReconciler({ table, secrets, logger });
  const feed = accountFeed({
    nats,
    logger,
    onFact: (recorded) => {
      directory.note(recorded);
      reconciler.note(recorded);
    },
  });
  return {
    directory,
    feed,
    async stop() {
      await feed.stop();
      await reconciler.stop();
    },
  };
}

function authenticatorOf(config: BotsConfig): Authenticate {
  const { KEYCLOAK_URL: url, KEYCLOAK_REALM: realm, KEYCLOAK_CLIENT_ID: clientId } = config;
  return authenticator({ keycloak: { url, realm, clientId }, serviceAuthKey: config.SERVICE_AUTH_KEY });
}

function webhooksOf(config: BotsConfig) {
  const { LOCAL_MODE: localMode, WEBHOOK_BASE_URL: defaultBaseUrl = "", TELEGRAM_UPDATES: updates } = config;
  return { localMode, defaultBaseUrl, mode: updates === "polling" ? DeliveryMode.POLLING : DeliveryMode.WEBHOOK };
}
