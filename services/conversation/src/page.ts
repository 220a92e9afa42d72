import type { z } from "zod";
import { invalidField } from "./own-bot.ts";

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 100;

/** The number of entries asked for; 0 stands for the default. */
export function pageSize(asked: number): number {
  if (asked > LARGEST_SIZE) throw invalidField("page_size", `1–${LARGEST_SIZE}`);
  return asked === 0 ? DEFAULT_SIZE : asked;
}

/** The place after which a page begins, as the page before told it; undefined for the first page. */
export function pageStart<Schema extends z.ZodType>(schema: Schema, token: string): z.output<Schema> | undefined {
  if (token === "") return undefined;
  const parsed = schema.safeParse(jsonIn(token));
  if (!parsed.success) throw invalidField("page_token", "");
  return parsed.data;
}

export function pageToken(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function jsonIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString());
  } catch {
    return undefined;
  }
}
