import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { madeOnce } from "./cache.ts";
import { onPath, runToEnd } from "./program.ts";
import type { Progress } from "./progress.ts";
import { timed } from "./progress.ts";

// The newest that was seen to run on Java 17; 26.4 runs there too, 26.6 is not in the repository used.
const VERSION = "26.1.0";
const UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack";

/** Keycloak's distribution, fetched by Maven and prepared once in the cache (about 30 s, 160 MB). */
export function keycloakDistribution(progress: Progress): Promise<string> {
  return madeOnce({
    name: `keycloak-${VERSION}`,
    make: (target) => timed(progress, "fetch and prepare Keycloak by Maven (once, 30 s to 2 min)", () => make(target)),
  });
}

async function make(target: string): Promise<void> {
  const missing = ["mvn", "java"].filter((program) => onPath(program) === undefined);
  if (missing.length > 0) {
    throw new Error(
      `No Keycloak here: ${missing.join(" and ")} not on PATH. Install a JDK 17 or newer and Maven (Debian: apt-get install openjdk-17-jdk-headless maven), start Docker, or set KEYCLOAK_URL to a Keycloak of yours with the realm of docker/keycloak/botfactory-realm.json.`,
    );
  }
  const artifact = `-Dartifact=org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
  const unpacked = `${target}.zip`;
  await runToEnd("mvn", ["-B", "-q", UNPACK, artifact, `-DoutputDirectory=${unpacked}`], { cwd: target });
  await rm(target, { recursive: true });
  await rename(join(unpacked, `keycloak-${VERSION}`), target);
  await rm(unpacked, { recursive: true });
  await runToEnd(join(target, "bin/kc.sh"), ["build", "--db=dev-file"]);
}
