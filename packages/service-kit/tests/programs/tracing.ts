import "../../src/telemetry.ts";
import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { adminServer, createLogger, inSpan, lifecycle } from "../../src/index.ts";
import { atImport } from "./counter.ts";

// Stands for a service: is called over HTTP, calls Telegram by node:http (grammY) and Gemini by fetch, and fails.
const token = process.env["CANARY_TOKEN"] ?? "";
const key = process.env["CANARY_KEY"] ?? "";
const logger = createLogger("program", "info");
const life = lifecycle({ logger });
atImport.add(1);
const admin = await adminServer({ port: 0, checks: {}, stopping: life.stopping });
life.onStop("admin", () => admin.close());

const vendor = createServer((_request, response) => response.end("{}")).listen(0, "127.0.0.1");
await once(vendor, "listening");
life.onStop("vendor", () => vendor.close().closeAllConnections());
const base = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;

const failed = await inSpan("turn", { attributes: { "bot.url": `${base}/bot${token}` } }, async () => {
  const [response] = await once(get(`${base}/bot${token}/sendMessage`), "response");
  response.resume();
  await (await fetch(`${base}/v1beta/models/x:generateContent?key=${key}`)).text();
  logger.info("inside");
  throw new Error(`request to /bot${token} failed`);
}).catch((error: unknown) => error);
logger.error({ err: failed, admin: admin.port }, "ready");
await life.stopped;
