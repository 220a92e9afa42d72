import "@botfactory/service-kit/telemetry";
import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { ingressEnvironment } from "./config.ts";
import { startIngress } from "./start-ingress.ts";

const config = loadConfig(ingressEnvironment, process.env);
const logger = createLogger("ingress", config.LOG_LEVEL);
const life = lifecycle({ logger, propagationMs: config.DRAIN_DELAY_SECONDS * 1_000 });
const ingress = await startIngress(config, { logger, stopping: life.stopping });
life.onStop("ingress", () => ingress.stop());
logger.info({ port: ingress.port, adminPort: ingress.adminPort }, "ready");
await life.stopped;
