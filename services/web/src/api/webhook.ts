import { z } from "zod";
import { deliveryMode } from "./bot.ts";
import { issue } from "./problem.ts";
import { revision, text, time } from "./text.ts";

export const webhookStatus = z
  .object({
    set: z.boolean(),
    url: z.string().nullable(),
    mode: deliveryMode.nullable(),
    pendingUpdateCount: z.int().meta({ description: "Updates waiting at Telegram." }),
    lastError: z
      .object({ message: z.string(), at: time })
      .nullable()
      .meta({ description: "Telegram's last delivery error, in its own words." }),
    problem: issue.nullable().meta({ description: "What is wrong now; null when all is well." }),
    defaultBaseUrl: z.string().nullable().meta({ description: "What the installation proposes as base URL." }),
    telegram: z
      .object({ username: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "The bot as Telegram knows it; null when Telegram did not say." }),
  })
  .meta({ id: "WebhookStatus" });

export const changedWebhook = webhookStatus.extend({ revision }).meta({ id: "ChangedWebhook" });

export const setWebhook = z
  .strictObject({
    baseUrl: text({ description: "`https://…`; absent or empty takes the installation's.", maxLength: 500 }).optional(),
  })
  .meta({ id: "SetWebhook" });

export type WebhookStatus = z.output<typeof webhookStatus>;
export type ChangedWebhook = z.output<typeof changedWebhook>;
export type SetWebhook = z.input<typeof setWebhook>;
