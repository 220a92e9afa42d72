import { z } from "zod";

// NUL and halves of surrogate pairs survive neither protobuf nor PostgreSQL, so they stop here with the field's name.
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Any text that can be stored. Lengths are the owning service's rule; `maxLength` only tells them to readers. */
export const text = (about: { description: string; maxLength?: number; minLength?: number; examples?: string[] }) =>
  z
    .string()
    .refine((value) => !UNSTORABLE.test(value))
    .meta(about);

export const language = z
  .enum(["uz", "ru", "en"])
  .meta({ id: "Language", description: "Default language of answers." });

export const time = z.iso.datetime().meta({ description: "ISO 8601, UTC." });

export const revision = z
  .string()
  .regex(/^\d{1,20}$/)
  .meta({ description: "Place of the change in the log; pass it as `atLeastRevision` to read what you wrote." });

const DIGITS_OF_UINT64 = 20;

export const readQuery = z.strictObject({
  atLeastRevision: z
    .string()
    .regex(/^\d+$/)
    .max(DIGITS_OF_UINT64)
    .optional()
    .meta({ description: "Waits until the answer holds this revision." }),
});

/** Closed, so that a parameter written wrongly is told instead of passed over. */
export const pageQuery = z.strictObject({
  pageSize: z.coerce.number().int().min(1).max(100).optional().meta({ description: "50 when absent." }),
  pageToken: z.string().max(500).optional().meta({ description: "`nextPageToken` of the page before." }),
});

export const nextPageToken = z.string().nullable().meta({ description: "null at the end." });

export const botParams = z.object({ botId: z.string().regex(/^[a-z2-7]{20}$/, { error: "bot_not_found" }) });

export const chatParams = botParams.extend({
  chatId: z.string().regex(/^[-\w]{1,64}(:\d{1,20})?$/, { error: "chat_not_found" }),
});
