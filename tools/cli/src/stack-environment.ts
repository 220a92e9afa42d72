import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type RunningStack, readStackFile } from "./stack-file.ts";

/** The variables that services have here: the environment's, then those `make up` read from `.env`, then the stack's own. */
export async function serviceEnvironment(repository: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const stack = await readStackFile(repository);
  if (stack === undefined) return env;
  const file = await readFile(join(repository, ".env"), "utf8").catch(() => "");
  return withStack({ ...parseEnv(file), ...env }, stack);
}

/**
 * The variables of a service, where the environment says nothing the running stack's. Variables that belong together come
 * from one side: a key of the environment must not go to the stack's stand-in.
 */
export function withStack(env: NodeJS.ProcessEnv, stack: RunningStack): NodeJS.ProcessEnv {
  const missing = groupsOf(stack).filter((group) => !Object.keys(group).some((name) => env[name]?.trim()));
  return Object.assign({}, env, ...missing);
}

function groupsOf({ nats, natsMonitoring, mongodb, keycloak, simulator, gemini }: RunningStack): NodeJS.ProcessEnv[] {
  return [
    { NATS_URL: nats, NATS_MONITORING_URL: natsMonitoring, ...(!natsMonitoring && { NATS_SYNC: "unsynced" }) },
    { MONGODB_URL: mongodb },
    { KEYCLOAK_URL: keycloak.url, KEYCLOAK_REALM: keycloak.realm },
    // Empty: not the stack's own, but the real one.
    ...(simulator ? [{ TELEGRAM_API_ROOT: simulator }] : []),
    ...(gemini ? [{ GEMINI_BASE_URL: gemini, GOOGLE_API_KEY: "demo" }] : []),
  ];
}
