import { ensureStream, jetStreamEventStore, type LogClock, type LogWatermark, logClock } from "@botfactory/event-store";
import { AiService } from "@botfactory/proto/ai/v1/ai";
import { type Authenticate, authenticator, mutualTls, serve } from "@botfactory/rpc";
import { adminServer, connectNats, type Logger, requireSyncedNats, tlsFiles } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { aiAccess, aiMethods } from "./ai-rpc.ts";
import { callRecord } from "./call-record.ts";
import type { AiConfig } from "./config.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import { ALLOWANCE_MATTERS_MS, ledgerStart, QUOTA_MATTERS_MS } from "./ledger-start.ts";
import { type Ledgers, ledgers, QUOTAS_STREAM } from "./ledgers.ts";
import { projectsOf } from "./projects.ts";
import { limitsOf } from "./quota-limits.ts";
import { observeQuotas } from "./quota-metrics.ts";
import { readModel } from "./read-model/read-model.ts";
import { refusedKeys } from "./refused-keys.ts";
import { reserveCall } from "./reserve-call.ts";
import type { WriteAnswerDeps } from "./write-answer.ts";

export interface Ai {
  readonly port: number;
  readonly adminPort: number;
  stop(): Promise<void>;
}

export interface AiEnvironment {
  readonly logger: Logger;
  readonly stopping?: AbortSignal;
  /** Who calls; Keycloak's and the services' tokens unless a test says otherwise. */
  readonly authenticate?: Authenticate;
  /** A shorter window for tests. */
  readonly limits?: Partial<QuotaLimits>;
}

// Longer waits are told to the person instead.
const MAX_WAIT_MS = 30_000;

/** Starts one ai service: admin port first, so that probes have an answer while the log is awaited. */
export async function startAi(config: AiConfig, { logger, stopping, ...environment }: AiEnvironment): Promise<Ai> {
  const checks: Record<string, () => boolean> = { started: () => false };
  const admin = await adminServer({ port: config.ADMIN_PORT, checks, ...(stopping ? { stopping } : {}) });
  const tls = await mutualTls({ service: "ai", files: tlsFiles(config), logger });
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: "ai", logger });
  await ensureStream(nats, { ...QUOTAS_STREAM, replicas: config.NATS_REPLICAS });
  const clock = await logClock(nats, QUOTAS_STREAM.name);
  const now = () => Number(clock.nowUnixMs());

  const limits = { ...limitsOf(config), ...environment.limits };
  const model = readModel({ nats, mongodbUrl: config.MONGODB_URL, logger });
  const books = ledgersOn(nats, { clock, now, limits, watermark: model.watermark, logger });
  observeQuotas({ ledgers: books, limits, now });
  const record = callRecord({ now, logger });
  const server = await serve({
    service: AiService,
    access: aiAccess,
    authenticate: environment.authenticate ?? authenticatorOf(config),
    tls,
    logger,
    port: config.PORT,
    methods: aiMethods({
      ...answerDeps(config, books, { record, now }),
      allowances: books.allowances,
      findUsage: model.findUsage,
      callsAMinute: limits.callsAWindow,
      callsADay: limits.callsADay,
    }),
  });
  Object.assign(checks, {
    started: () => true,
    nats: () => !nats.isClosed(),
    log_intact: () => model.watermark.damage() === undefined,
  });

  return {
    port: server.port,
    adminPort: admin.port,
    async stop() {
      await server.drain(DRAIN_MS);
      await books.flush();
      await model.stop();
      clock.close();
      await nats.drain();
      await admin.close();
      tls?.close();
    },
  };
}

interface LedgersPlace {
  readonly clock: LogClock;
  readonly now: () => number;
  readonly limits: QuotaLimits;
  readonly watermark: LogWatermark;
  readonly logger: Logger;
}

function ledgersOn(nats: NatsConnection, { clock, now, limits, watermark, logger }: LedgersPlace): Ledgers {
  const stream = QUOTAS_STREAM.name;
  return ledgers({
    store: jetStreamEventStore(nats, { stream, ...watermark }),
    startOf: {
      quota: ledgerStart(nats, { stream, now, mattersMs: QUOTA_MATTERS_MS }),
      allowance: ledgerStart(nats, { stream, now, mattersMs: ALLOWANCE_MATTERS_MS }),
    },
    limits,
    now,
    onWrongClock: () =>
      clock.synchronize().catch((error: unknown) => logger.warn({ err: error }, "no time from the log")),
  });
}

/** What an answer is written with. */
function answerDeps(
  config: AiConfig,
  books: Ledgers,
  { record, now }: Pick<WriteAnswerDeps, "record" | "now">,
): WriteAnswerDeps {
  const stopwatch = () => performance.now();
  const refused = refusedKeys();
  return {
    reserveCall: reserveCall({ projects: projectsOf(config), ledgers: books, refusedKeys: refused, now, stopwatch }),
    refusedKeys: refused,
    record,
    now,
    stopwatch,
    defaultModel: config.GEMINI_MODEL,
    maxWaitMs: MAX_WAIT_MS,
  };
}

// An answer under way may take Gemini's 40 s.
const DRAIN_MS = 45_000;

function authenticatorOf(config: AiConfig): Authenticate {
  const { KEYCLOAK_URL: url, KEYCLOAK_REALM: realm, KEYCLOAK_CLIENT_ID: clientId } = config;
  return authenticator({ keycloak: { url, realm, clientId }, serviceAuthKey: config.SERVICE_AUTH_KEY });
}
