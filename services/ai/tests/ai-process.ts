import type { Authenticate } from "@botfactory/rpc";
import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { aiEnvironment } from "../src/config.ts";
import { startAi } from "../src/start-ai.ts";

// The service as a process of its own, so that a test can kill it; LIMITS may shorten the window. With a wrong clock it
// would find everybody's token too old or too young, so there everybody is conversation.
const config = loadConfig(aiEnvironment, process.env);
const logger = createLogger("ai", config.LOG_LEVEL);
const life = lifecycle({ logger });
const limits = JSON.parse(process.env["LIMITS"] ?? "{}");
const everybody: Authenticate = async () => ({ kind: "service", name: "conversation" });
const trust = process.env["CLOCK_IS_OFF"] === undefined ? {} : { authenticate: everybody };
const ai = await startAi(config, { logger, limits, stopping: life.stopping, ...trust });
life.onStop("ai", () => ai.stop());
process.stdout.write(`${JSON.stringify({ port: ai.port })}\n`);
await life.stopped;
