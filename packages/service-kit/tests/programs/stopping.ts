import { createServer } from "node:http";
import { createLogger, lifecycle } from "../../src/index.ts";

const logger = createLogger("program", "info");
const life = lifecycle({ logger, deadlineMs: 500 });
const held = createServer().listen(0);
life.onStop("connection", () => {
  logger.info("connection closed");
  held.close();
});
life.onStop("flaky", () => {
  throw new Error("already gone");
});
if (process.env["HANG"] !== undefined) life.onStop("hang", () => new Promise(() => undefined));
life.onStop("work", () => logger.info({ stopping: life.stopping.aborted }, "work finished"));
logger.info("started");
if (process.env["CRASH"] !== undefined) {
  void Promise.reject(new Error("lost mongodb://root:hunter2@db"));
}
await life.stopped;
logger.info("end of main");
