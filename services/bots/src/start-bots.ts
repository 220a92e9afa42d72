import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { ensureStream, jetStreamEventStore } from "@botfactory/event-store";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { type Authenticate, authenticator, serve } from "@botfactory/rpc";
import { adminServer, connectNats, type Logger, requireSyncedNats } from "@botfactory/service-kit";
import { accountFeed } from "./account-feed.ts";
import { ACCOUNTS_STREAM, accounts } from "./accounts.ts";
import { botDirectory } from "./bot-directory.ts";
import { botSecrets } from "./bot-secrets.ts";
import { botsAccess } from "./bots-access.ts";
import { botsMethods } from "./bots-rpc.ts";
import type { BotsConfig } from "./config.ts";
import { readModel } from "./read-model/read-model.ts";
import { telegram } from "./telegram.ts";
import { webhookReconciler } from "./webhook-reconciler.ts";
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
  const { NATS_REPLICAS: replicas } = config;
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: "bots", logger });
  await ensureStream(nats, { ...ACCOUNTS_STREAM, replicas });

  const plans = config.PLANS;
  const model = readModel({ nats, mongodbUrl: config.MONGODB_URL, logger });
  const owners = accounts(jetStreamEventStore(nats, { stream: ACCOUNTS_STREAM.name, ...model.watermark }), plans);
  const secrets = botSecrets(await keyRing(nats, keyEncryptionKey(config.KEY_ENCRYPTION_KEY), { replicas }));
  const table = await webhookTable(nats, { accounts: owners, secrets, replicas });
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

  const server = await serve({
    service: BotsService,
    access: botsAccess,
    authenticate: environment.authenticate ?? authenticatorOf(config),
    logger,
    port: config.PORT,
    methods: botsMethods({
      accounts: owners,
      secrets,
      table,
      directory,
      feed,
      plans,
      telegram: telegram(config.TELEGRAM_API_ROOT),
      webhooks: webhooksOf(config),
      now: Date.now,
      ...model,
    }),
  });
  Object.assign(checks, {
    started: () => true,
    accounts: feed.isCaughtUp,
    nats: () => !nats.isClosed(),
    log_intact: () => model.watermark.damage() === undefined,
  });

  return {
    port: server.port,
    adminPort: admin.port,
    async stop() {
      await server.drain();
      await feed.stop();
      await reconciler.stop();
      await model.stop();
      await nats.drain();
      await admin.close();
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
