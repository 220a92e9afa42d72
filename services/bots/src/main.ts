import "@botfactory/service-kit/telemetry";
import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { botsEnvironment } from "./config.ts";
import { startBots } from "./start-bots.ts";

const config = loadConfig(botsEnvironment, process.env);
const logger = createLogger("bots", config.LOG_LEVEL);
const life = lifecycle({ logger });
const bots = await startBots(config, { logger, stopping: life.stopping });
life.onStop("bots", () => bots.stop());
logger.info({ port: bots.port, adminPort: bots.adminPort }, "ready");
await life.stopped;
