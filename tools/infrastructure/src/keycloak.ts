import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { KeycloakOptions } from "./demo-realm.ts";
import { CLI_CLIENT, keycloakEnvironment, REALM_FILE, THEMES, tokenEndpoint } from "./demo-realm.ts";
import { freePort } from "./free-port.ts";
import { startKeycloakContainer } from "./keycloak-container.ts";
import { keycloakDistribution } from "./keycloak-distribution.ts";
import { boundToParent, startProgram } from "./program.ts";
import { timed, toStandardError } from "./progress.ts";
import { runDirectory } from "./run-directory.ts";
import type { Started } from "./started.ts";
import { runningAt } from "./started.ts";
import { wayOf } from "./way.ts";

const REALM = "botfactory";
const DEMO_SECRET = "demo-secret-of-botfactory-web";
const READY_WITHIN_MS = 180_000;

export interface StartedKeycloak extends Started {
  readonly realm: string;
  /** The client that may use the password grant. */
  readonly clientId: string;
  readonly tokenEndpoint: string;
  /** The secret of the client `botfactory-web`. */
  readonly clientSecret: string;
}

/** Keycloak 26 with the demo realm: KEYCLOAK_URL, a container, or the distribution on this machine's Java. */
export async function startKeycloak(options: KeycloakOptions = {}): Promise<StartedKeycloak> {
  const way = await wayOf({ variable: "KEYCLOAK_URL" });
  switch (way.kind) {
    case "environment":
      return withRealm(runningAt(way.url));
    case "container":
      return withRealm(await startKeycloakContainer(options));
    default:
      return withRealm(await startOnJava(options));
  }
}

function withRealm(started: Started): StartedKeycloak {
  const realm = process.env["KEYCLOAK_REALM"] ?? REALM;
  const clientSecret = process.env["KEYCLOAK_CLIENT_SECRET"] ?? DEMO_SECRET;
  return { ...started, realm, clientId: CLI_CLIENT, tokenEndpoint: tokenEndpoint(started.url, realm), clientSecret };
}

async function startOnJava(options: KeycloakOptions): Promise<Started> {
  const { progress = toStandardError, dataDirectory } = options;
  const distribution = await keycloakDistribution(progress);
  const home = await runDirectory(dataDirectory, "keycloak");
  try {
    await layOutHome(home.path, distribution);
    const port = options.port || (await freePort());
    const [command, args] = boundToParent("java", javaArguments(distribution, home.path, port));
    const env = keycloakEnvironment(options);
    const ready = /Listening on: http:\/\/\S+/;
    const { pid, stop } = await timed(progress, "start Keycloak (about 15 s)", () =>
      startProgram({ command, args, env, ready, withinMs: READY_WITHIN_MS }),
    );
    const end = async () => {
      await stop();
      await home.release();
    };
    return { url: `http://127.0.0.1:${port}`, how: "embedded", pid, stop: end };
  } catch (error) {
    await home.release();
    throw error;
  }
}

// The program in the cache is shared by all runs; the data beside it are this run's own.
async function layOutHome(home: string, distribution: string): Promise<void> {
  await mkdir(join(home, "data/import"), { recursive: true });
  await copyFile(REALM_FILE, join(home, "data/import/botfactory-realm.json"));
  const parts = ["lib", "conf", "providers"].map((part) => [part, join(distribution, part)] as const);
  for (const [part, target] of [...parts, ["themes", THEMES] as const]) {
    await rm(join(home, part), { force: true });
    await symlink(target, join(home, part));
  }
}

// What kc.sh would run, but with another home.
function javaArguments(distribution: string, home: string, port: number): string[] {
  return [
    "-Xms64m",
    "-Xmx400m",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+ExitOnOutOfMemoryError",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.security=ALL-UNNAMED",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Dpicocli.disable.closures=true",
    `-Dkc.home.dir=${home}`,
    `-Djboss.server.config.dir=${join(distribution, "conf")}`,
    "-cp",
    join(distribution, "lib/quarkus-run.jar"),
    "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    "start",
    "--optimized",
    "--import-realm",
    "--cache=local",
    "--http-enabled=true",
    "--http-host=127.0.0.1",
    `--http-port=${port}`,
    // Named as it is called, like the container: a test may call it through a proxy that can be cut.
    "--hostname-strict=false",
  ];
}
