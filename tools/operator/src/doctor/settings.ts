import { environment, loadConfig } from "@botfactory/service-kit";
import type { z } from "zod";

const { NATS_URL, MONGODB_URL, KEYCLOAK_URL, KEYCLOAK_REALM } = environment.shape;

// What services demand is optional here, so that one missing address hides nothing about the others.
const schema = environment
  .pick({
    NATS_MONITORING_URL: true,
    NATS_SYNC: true,
    GOOGLE_API_KEY: true,
    GEMINI_BASE_URL: true,
    GEMINI_MODEL: true,
    TELEGRAM_API_ROOT: true,
  })
  .extend({
    NATS_URL: NATS_URL.optional(),
    MONGODB_URL: MONGODB_URL.optional(),
    KEYCLOAK_URL: KEYCLOAK_URL.optional(),
    KEYCLOAK_REALM: KEYCLOAK_REALM.optional(),
  });

/** The dependencies' addresses and keys, in the names the services read. */
export type DoctorSettings = z.output<typeof schema>;

export interface ReadSettings {
  readonly settings: DoctorSettings;
  /** `NAME: what is wrong with it`, without the value. */
  readonly problems: readonly string[];
}

/** Reads the variables as services do; a bad one counts as missing and is told. */
export function readSettings(env: NodeJS.ProcessEnv): ReadSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const issues = schema.safeParse(given).error?.issues ?? [];
  const bad = new Set(issues.map(({ path }) => String(path[0])));
  const good = Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name)));
  return {
    settings: loadConfig(schema, good),
    problems: issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
  };
}
