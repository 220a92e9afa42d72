import { readFile } from "node:fs/promises";
import type { KeycloakOptions } from "./demo-realm.ts";
import { keycloakEnvironment, REALM_FILE, THEMES } from "./demo-realm.ts";
import { mounted } from "./mounted.ts";
import type { Started } from "./started.ts";

const PORT = 8080;
const SERVER = "/opt/keycloak/bin/kc.sh";
const IMPORTS = "/opt/keycloak/data/import";
const COPY = "/tmp/botfactory-realm.json";

/** Keycloak in a container of the image BOTFACTORY_KEYCLOAK_IMAGE (quay.io/keycloak/keycloak:26.1 when unset). */
export async function startKeycloakContainer(options: KeycloakOptions): Promise<Started> {
  // Loaded here only: it is large, and most runs need no container engine.
  const { GenericContainer, Wait } = await import("testcontainers");
  const image = process.env["BOTFACTORY_KEYCLOAK_IMAGE"] ?? "quay.io/keycloak/keycloak:26.1";
  const realm = await readFile(REALM_FILE, "utf8");
  const described = new GenericContainer(image)
    // Copied by the server's own user: what the engine puts below data/ would make data/ root's, if the image has none.
    .withEntrypoint([
      "sh",
      "-c",
      `mkdir -p ${IMPORTS} && cp ${COPY} ${IMPORTS} && exec ${SERVER} start-dev --import-realm`,
    ])
    .withEnvironment({ JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx400m", ...keycloakEnvironment(options) })
    .withCopyContentToContainer([{ content: realm, target: COPY }])
    .withCopyDirectoriesToContainer([{ source: THEMES, target: "/opt/keycloak/themes" }])
    .withExposedPorts(options.port ? { container: PORT, host: options.port } : PORT)
    .withWaitStrategy(Wait.forLogMessage(/Listening on: http/))
    .withStartupTimeout(180_000);
  const { dataDirectory } = options;
  if (dataDirectory) described.withBindMounts([await mounted(dataDirectory, "/opt/keycloak/data/h2")]);
  const container = await described.start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(PORT)}`,
    how: "container",
    stop: async () => {
      await container.stop({ remove: true });
    },
  };
}
