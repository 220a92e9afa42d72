import "@botfactory/service-kit/telemetry";
import { createLogger, lifecycle, loadConfig } from "@botfactory/service-kit";
import { conversationEnvironment } from "./config.ts";
import { startConversation } from "./start-conversation.ts";

const config = loadConfig(conversationEnvironment, process.env);
const logger = createLogger("conversation", config.LOG_LEVEL);
const life = lifecycle({ logger });
const conversation = await startConversation(config, { logger, stopping: life.stopping });
life.onStop("conversation", () => conversation.stop());
const { port, adminPort, workerId } = conversation;
// Events name the worker: by this line a turn is traced to its process.
logger.info({ port, adminPort, workerId }, "ready");
await life.stopped;
