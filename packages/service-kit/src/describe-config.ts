import { z } from "zod";
import { isSecret, settingOf } from "./setting.ts";

/** One row of the configuration reference. */
export interface SettingRow {
  readonly name: string;
  readonly type: string;
  /** As it would be written in the environment; absent when there is none. */
  readonly default?: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly description: string;
}

/** The configuration reference of a service, in the schema's order; throws for a variable without a `setting`. */
export function describeConfig(schema: z.ZodObject): readonly SettingRow[] {
  return Object.entries(schema.shape).map(([name, field]) => describe(name, field));
}

function describe(name: string, field: z.core.$ZodType): SettingRow {
  const about = settingOf(field);
  if (about === undefined) throw new Error(`${name} has no description`);
  const missing = z.safeParse(field, undefined);
  return {
    name,
    type: about.type ?? typeName(field),
    ...(missing.success && missing.data !== undefined ? { default: written(missing.data) } : {}),
    required: !missing.success,
    secret: isSecret(field),
    description: about.description,
  };
}

function written(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function typeName(field: z.core.$ZodType): string {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional || field instanceof z.ZodPrefault) {
    return typeName(field.def.innerType);
  }
  if (field instanceof z.ZodEnum) return field.options.join(" | ");
  const { type } = field._zod.def;
  return type === "string" ? "text" : type;
}
