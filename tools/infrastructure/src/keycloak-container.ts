import { readFile } from "node:fs/promises";
import type { KeycloakOptions } from "./demo-realm.ts";
import { consoleAddress, REALM_FILE } from "./demo-realm.ts";
import type { Started } from "./started.ts";

const PORT = 8080;

/** Keycloak in a container of the image BOTFACTORY_KEYCLOAK_IMAGE (quay.io/keycloak/keycloak:26.1 when unset). */
export async function startKeycloakContainer(options: KeycloakOptions): Promise<Started> {
  // Loaded here only: it is large, and most runs need no container engine.
  const { GenericContainer, Wait } = await import("testcontainers");
  const image = process.env["BOTFACTORY_KEYCLOAK_IMAGE"] ?? "quay.io/keycloak/keycloak:26.1";
  const realm = await readFile(REALM_FILE, "utf8");
  const described = new GenericContainer(image)
    .withCommand(["start-dev", "--import-realm"])
    .withEnvironment({ JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx400m", ...consoleAddress(options) })
    .withCopyContentToContainer([{ content: realm, target: "/opt/keycloak/data/import/botfactory-realm.json" }])
    .withExposedPorts(options.port ? { container: PORT, host: options.port } : PORT)
    .withWaitStrategy(Wait.forLogMessage(/Listening on: http/))
    .withStartupTimeout(180_000);
  const { dataDirectory } = options;
  if (dataDirectory) described.withBindMounts([{ source: dataDirectory, target: "/opt/keycloak/data/h2" }]);
  const container = await described.start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(PORT)}`,
    how: "container",
    stop: async () => {
      await container.stop({ remove: true });
    },
  };
}
