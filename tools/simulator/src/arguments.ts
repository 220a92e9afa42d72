import { isJson, type Json } from "./message.ts";
import { badRequest } from "./telegram-error.ts";

/** A call's parameters: native values from JSON, strings from a query, a form or multipart. */
export type Arguments = Json;

export async function parseArguments(query: Json, body: Buffer, contentType: string): Promise<Arguments> {
  if (body.length === 0) return query;
  if (contentType.startsWith("application/json")) return { ...query, ...parseJsonBody(body) };
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString("utf8"))) };
  }
  if (contentType.startsWith("multipart/form-data")) return { ...query, ...(await parseMultipart(body, contentType)) };
  return query;
}

function parseJsonBody(body: Buffer): Json {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (isJson(parsed)) return parsed;
  } catch {
    throw badRequest("can't parse JSON object");
  }
  throw badRequest("object expected");
}

async function parseMultipart(body: Buffer, contentType: string): Promise<Json> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } })
    .formData()
    .catch(() => {
      throw badRequest("can't parse multipart body");
    });
  return Object.fromEntries([...form].map(([name, value]) => [name, typeof value === "string" ? value : value.name]));
}

export function text(args: Arguments, name: string): string {
  const value = args[name];
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export interface Range {
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
}

/** Telegram clamps silently instead of refusing. */
export function integer(args: Arguments, name: string, range: Range): number {
  const given = Number.parseInt(text(args, name), 10);
  const value = Number.isNaN(given) ? range.default : given;
  return Math.min(Math.max(value, range.min ?? -(2 ** 31)), range.max ?? 2 ** 31 - 1);
}

export function flag(args: Arguments, name: string): boolean {
  return ["true", "yes", "1"].includes(text(args, name).trim().toLowerCase());
}

/** An object or array given natively or as JSON text; undefined when absent. */
export function nested(args: Arguments, name: string, whatItIs: string): unknown {
  const value = args[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${whatItIs} JSON object`);
  }
}
