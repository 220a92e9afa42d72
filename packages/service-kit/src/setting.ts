import { z } from "zod";

/** What the configuration reference says about one variable. */
export interface Setting {
  /** One sentence for operators, with the unit. */
  readonly description: string;
  /** What may stand there, when the schema's own type name would not tell, such as `URL`. */
  readonly type?: string;
  /** The value must come from a Secret and never be printed. */
  readonly secret?: boolean;
}

const settings = z.registry<Setting>();

/** A copy of a variable's schema with the reference's text; call it on the innermost schema or after `default`. */
export function setting<Schema extends z.ZodType>(schema: Schema, about: Setting): Schema {
  // Variables share schemas (every port is one), and the text of the last would become everybody's.
  const own = schema.clone();
  settings.add(own, about);
  return own;
}

/** The text attached to a schema, also when it was wrapped by `default` or `optional` later. */
export function settingOf(field: z.core.$ZodType): Setting | undefined {
  const found = settings.get(field);
  if (found !== undefined) return found;
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional || field instanceof z.ZodPrefault) {
    return settingOf(field.def.innerType);
  }
  return undefined;
}

/** Whether a variable's value must never be shown. */
export function isSecret(field: z.core.$ZodType): boolean {
  return settingOf(field)?.secret ?? false;
}
