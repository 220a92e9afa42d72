import { z } from "zod";

/** What is wrong, in the reader's language: stable code, title, cause, remedy. */
export const issue = z
  .object({
    code: z.string().meta({ description: "Stable, snake_case, e.g. `plan_limit_reached`." }),
    title: z.string().meta({ description: "What is wrong, in the reader's language." }),
    detail: z.string().meta({ description: "Why." }),
    remedy: z.string().meta({ description: "What to do." }),
  })
  .meta({ id: "Issue" });

export const problem = issue
  .extend({
    type: z.string().meta({ description: "`urn:botfactory:error:<code>`" }),
    status: z.int(),
    fields: z
      .array(z.object({ name: z.string(), code: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "The fields at fault, by their names in the request." }),
    traceId: z.string().optional().meta({ description: "To find the request in the logs." }),
  })
  .meta({ id: "Problem", description: "RFC 9457, application/problem+json." });

export type Issue = z.output<typeof issue>;
export type Problem = z.output<typeof problem>;
