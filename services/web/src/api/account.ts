import { z } from "zod";
import { revision } from "./text.ts";

export const plan = z.enum(["free", "starter", "basic", "premium"]).meta({ id: "Plan" });

export const me = z
  .object({
    owner: z.object({ id: z.string(), username: z.string(), roles: z.array(z.enum(["owner", "admin"])) }),
    plan: z.object({ name: plan, botsLimit: z.int(), messagesADay: z.int() }),
    usage: z.object({
      bots: z.int().meta({ description: "Bots you have, paused ones included." }),
      today: z
        .object({
          day: z.string().meta({ description: "Pacific day, YYYY-MM-DD: the day the AI counts by." }),
          messages: z.int(),
          inputTokens: z.int(),
          outputTokens: z.int(),
        })
        .nullable()
        .meta({ description: "null while the ai service does not answer." }),
    }),
    limits: z
      .object({ callsAMinute: z.int(), callsADay: z.int() })
      .nullable()
      .meta({ description: "Calls of the AI the whole installation may make; null as `usage.today`." }),
  })
  .meta({ id: "Me" });

export const csrfToken = z
  .object({ token: z.string().meta({ description: "Send it as `x-csrf-token` with every unsafe request." }) })
  .meta({ id: "CsrfToken" });

export const ownerParams = z.object({ ownerId: z.string().regex(/^[\w-]{1,64}$/, { error: "not_found" }) });

export const setPlan = z.strictObject({ plan }).meta({ id: "SetPlan" });

export const changedPlan = z
  .object({
    ownerId: z.string(),
    plan,
    pausedBotIds: z.array(z.string()).meta({ description: "Youngest surplus bots, paused by a smaller plan." }),
    revision,
  })
  .meta({ id: "ChangedPlan" });

export type Plan = z.output<typeof plan>;
export type Me = z.output<typeof me>;
export type CsrfToken = z.output<typeof csrfToken>;
export type SetPlan = z.input<typeof setPlan>;
export type ChangedPlan = z.output<typeof changedPlan>;
