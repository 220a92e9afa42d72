import { DomainError, type DomainErrorParams } from "@botfactory/decider";
import { type ConsoleLanguage, errorPhrases, isErrorCode } from "@botfactory/phrases";
import { z } from "zod";

interface FieldProblem {
  readonly name: string;
  readonly code: string;
  readonly detail: string;
}

/** A request whose fields are wrong: the first one gives the code, all are named. */
export class InvalidRequest extends DomainError {
  readonly fields: readonly FieldProblem[];

  constructor(code: string, fields: readonly FieldProblem[], params: DomainErrorParams) {
    super("invalid", code, { params });
    this.fields = fields;
  }
}

const LOCALES = { uz: z.locales.uz(), ru: z.locales.ru(), en: z.locales.en() };

/** Parses a body or query, or refuses with every field at fault in the person's language. */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  language: ConsoleLanguage,
): z.output<Schema> {
  const parsed = schema.safeParse(given, { error: LOCALES[language].localeError, reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue));
  const fields = problems.map(({ name, code, reason }) => ({
    name,
    code,
    detail: errorPhrases(language, code, { field: name, reason }).cause,
  }));
  const [first] = problems;
  throw new InvalidRequest(first?.code ?? "field_invalid", fields, {
    field: first?.name ?? "",
    reason: first?.reason ?? "",
  });
}

function problemsOf(issue: z.core.$ZodIssue) {
  const name = issue.path.join(".") || "body";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ name: key, code: "field_invalid", reason: issue.message }));
  }
  if (issue.input === undefined) return [{ name, code: "field_required", reason: "" }];
  return [{ name, code: isErrorCode(issue.message) ? issue.message : "field_invalid", reason: issue.message }];
}

/** Parses what stands in the path; what cannot be an id is an id of nothing. */
export function parsePath<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new DomainError("not-found", parsed.error.issues[0]?.message ?? "not_found");
}
