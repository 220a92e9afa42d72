import { randomBytes } from "node:crypto";
import { createLogger } from "@botfactory/service-kit";
import type { KeycloakClient } from "../../src/config.ts";
import { startWeb } from "../../src/start-web.ts";
import { freePort } from "./free-port.ts";
import { type StandIns, standInServices } from "./stand-in-services.ts";

export interface ConsoleOptions {
  readonly keycloak: KeycloakClient;
  readonly services?: StandIns;
  readonly clientDirectory?: string;
}

/** The real web service on a free port with a database of its own. */
export async function startConsole({ keycloak, services = {}, clientDirectory = "/nowhere" }: ConsoleOptions) {
  const standIns = await standInServices(keycloak, services);
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
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
    createLogger("web", "silent"),
  );
  return {
    publicUrl,
    async stop() {
      await web.close();
      await standIns.stop();
    },
  };
}

function ownDatabase(): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/web-${randomBytes(6).toString("hex")}`;
  // The account of the test server is not stored in the test's own database.
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}
