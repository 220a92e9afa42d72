import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mutualTls } from "@botfactory/rpc";
import type { Logger, Readiness } from "@botfactory/service-kit";
import { MongoClient } from "mongodb";
import { app } from "./app.ts";
import { auth } from "./auth/auth.ts";
import { sessionStore } from "./auth/session-store.ts";
import type { WebConfig } from "./config.ts";
import { connectServices } from "./services.ts";

export interface RunningWeb {
  readonly port: number;
  /** For readiness: sessions can be read. */
  mongodbAnswers(): Promise<unknown>;
  close(): Promise<void>;
}

export interface WebEnvironment {
  readonly logger: Logger;
  readonly readiness: Readiness;
}

// No page waits longer than this for its session.
const MONGODB_TIMEOUT_MS = 3_000;

/** Serves the console; `config.port` 0 takes a free port. MongoDB may come later: until then requests read 503. */
export async function startWeb(config: WebConfig, { logger, readiness }: WebEnvironment): Promise<RunningWeb> {
  const tls = await mutualTls({ service: "web", files: config.tlsFiles, logger });
  const mongo = new MongoClient(config.mongodbUrl, { appName: "web", serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS });
  const store = await sessionStore(mongo, logger);
  const services = connectServices(config, tls);
  const server = createServer(app({ config, auth: auth(config, { mongo, store }), services, logger, readiness }));
  server.listen(config.port);
  await once(server, "listening");
  return {
    port: portOf(server.address()),
    async mongodbAnswers() {
      store.prepared();
      await mongo.db().command({ ping: 1 });
    },
    async close() {
      store.stop();
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
      for (const service of Object.values(services)) service.close();
      tls?.close();
      await mongo.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
