import { z } from "zod";
import { language, nextPageToken, revision, text, time } from "./text.ts";

const name = text({ description: "What you call it.", minLength: 1, maxLength: 64 });
const description = text({ description: "Free text.", maxLength: 500 });
const systemPrompt = text({ description: "What the AI is told before every answer.", minLength: 1, maxLength: 8000 });
const telegramToken = text({
  description: "The token of @BotFather. Never answered back.",
  examples: ["<id>:<secret>"],
});
const requestId = text({
  description: "Any name of yours for this request: a repeat with the same one answers with the bot of the first.",
  maxLength: 64,
});
const platform = z.literal("telegram");

export const deliveryMode = z.enum(["webhook", "polling"]).meta({ id: "DeliveryMode" });

export const bot = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    language,
    platform,
    systemPrompt: z.string(),
    promptVersion: z.int().meta({ description: "From 1; every change of the system prompt adds 1." }),
    telegramUsername: z.string().meta({ description: "Without @." }),
    tokenLast4: z.string(),
    state: z.enum(["active", "paused", "paused_by_plan", "token_revoked"]),
    webhook: z.object({ set: z.boolean(), url: z.string().nullable(), mode: deliveryMode.nullable() }),
    createdAt: time,
  })
  .meta({ id: "Bot" });

export const changedBot = bot.extend({ revision }).meta({ id: "ChangedBot" });

export const botPage = z.object({ bots: z.array(bot), nextPageToken }).meta({ id: "BotPage" });

export const createBot = z
  .strictObject({
    name,
    description: description.default(""),
    language,
    platform: platform.default("telegram"),
    systemPrompt,
    telegramToken,
    requestId: requestId.optional(),
  })
  .meta({ id: "CreateBot" });

export const updateBot = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    language: language.optional(),
    systemPrompt: systemPrompt.optional(),
    telegramToken: telegramToken.optional(),
    paused: z.boolean().optional().meta({ description: "true pauses, false resumes." }),
  })
  .meta({ id: "UpdateBot", description: "What is absent stays as it is." });

export const deletedBot = z.object({ id: z.string(), revision }).meta({ id: "DeletedBot" });

export type Bot = z.output<typeof bot>;
export type ChangedBot = z.output<typeof changedBot>;
export type BotPage = z.output<typeof botPage>;
export type CreateBot = z.input<typeof createBot>;
export type UpdateBot = z.input<typeof updateBot>;
export type DeletedBot = z.output<typeof deletedBot>;
