import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { aiEnvironment } from "../src/config.ts";
import { startAi } from "../src/start-ai.ts";

// The service as a process of its own, so that a test can kill it; LIMITS may shorten the window.
const config = loadConfig(aiEnvironment, process.env);
const logger = createLogger("ai", config.LOG_LEVEL);
const life = lifecycle({ logger });
const limits = JSON.parse(process.env["LIMITS"] ?? "{}");
const ai = await startAi(config, { logger, limits, stopping: life.stopping });
life.onStop("ai", () => ai.stop());
process.stdout.write(`${JSON.stringify({ port: ai.port })}\n`);
await life.stopped;
