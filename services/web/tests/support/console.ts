import { randomBytes } from "node:crypto";
import { freePort } from "@botfactory/infrastructure";
import { createLogger, type Readiness } from "@botfactory/service-kit";
import type { KeycloakClient } from "../../src/config.ts";
import { startWeb } from "../../src/start-web.ts";
import { type StandIns, standInServices } from "./stand-in-services.ts";

export interface ConsoleOptions {
  readonly keycloak: KeycloakClient;
  readonly services?: StandIns;
  readonly clientDirectory?: string;
  /** When somebody must know the address before the console is there. */
  readonly port?: number;
  /** Ready unless a test says otherwise. */
  readonly readiness?: Readiness;
}

/** The real web service on a free port with a database of its own. */
export async function startConsole(options: ConsoleOptions) {
  const { keycloak, services = {}, clientDirectory = "/nowhere", readiness = { checks: {} } } = options;
  const standIns = await standInServices(keycloak, services);
  const port = options.port ?? (await freePort());
  const publicUrl = `http://127.0.0.1:${port}`;
  const web = await startWeb(
    {
      port,
      adminPort: 0,
      logLevel: "silent",
      mongodbUrl: ownDatabase(),
      keycloak,
      sessionSecret: randomBytes(32).toString("hex"),
      ...standIns.urls,
      publicUrl,
      clientDirectory,
    },
    { logger: createLogger("web", "silent"), readiness },
  );
  return {
    publicUrl,
    async stop() {
      await web.close();
      await standIns.stop();
    },
  };
}

export function ownDatabase(): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/web-${randomBytes(6).toString("hex")}`;
  // The account of the test server is not stored in the test's own database.
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}
