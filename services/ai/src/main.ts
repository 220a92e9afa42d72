import "@botfactory/service-kit/telemetry";
import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { aiEnvironment } from "./config.ts";
import { startAi } from "./start-ai.ts";

const config = loadConfig(aiEnvironment, process.env);
const logger = createLogger("ai", config.LOG_LEVEL);
const life = lifecycle({ logger });
const ai = await startAi(config, { logger, stopping: life.stopping });
life.onStop("ai", () => ai.stop());
logger.info({ port: ai.port, adminPort: ai.adminPort }, "ready");
await life.stopped;
