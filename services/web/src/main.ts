import "@botfactory/service-kit/telemetry";
import { adminServer, createLogger, lifecycle } from "@botfactory/service-kit";
import { readConfig } from "./config.ts";
import { startWeb } from "./start-web.ts";

const config = readConfig(process.env);
const logger = createLogger("web", config.logLevel);
const life = lifecycle({ logger });

const checks: Record<string, () => unknown> = { started: () => false };
const readiness = { checks, stopping: life.stopping };
const admin = await adminServer({ port: config.adminPort, ...readiness });
life.onStop("admin server", admin.close);
const web = await startWeb(config, { logger, readiness });
life.onStop("web", web.close);
Object.assign(checks, { started: () => true, mongodb: web.mongodbAnswers });
logger.info({ port: web.port, adminPort: admin.port, publicUrl: config.publicUrl }, "ready");

await life.stopped;
