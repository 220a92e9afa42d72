import type { z } from "zod";
import { protectSecrets } from "./redaction.ts";
import { isSecret } from "./setting.ts";

/** Thrown by `loadConfig`; its message lists every bad or missing variable and holds no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the environment once: typed values, or one `ConfigError` naming every problem. An empty variable counts as
 * missing, because compose files and charts cannot unset one. Secrets read here are kept out of logs and spans.
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  protectSecrets(secretsIn(schema, given));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new ConfigError(`bad configuration\n${[...new Set(problems)].join("\n")}`);
}

function secretsIn(schema: z.ZodObject, given: Record<string, string | undefined>): string[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const value = given[name];
    if (value === undefined) return [];
    // A connection string is no secret, the password in it is; a list of keys holds one secret per `name=key`.
    if (!isSecret(field)) return passwordOf(value);
    return [value, ...value.split(",").map((part) => part.slice(part.indexOf("=") + 1).trim())];
  });
}

function passwordOf(value: string): string[] {
  return value.split(",").flatMap((part) => {
    const password = /^[a-z+]+:\/\/[^/@]*:([^/@]+)@/.exec(part.trim())?.[1];
    return password === undefined ? [] : [password];
  });
}
