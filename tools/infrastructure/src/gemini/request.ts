import { z } from "zod";
import type { Reply } from "./failures.ts";
import { refusal } from "./failures.ts";

const content = z.looseObject({
  role: z.enum(["user", "model", "function"]).optional(),
  parts: z.array(z.looseObject({ text: z.string().optional() })).min(1),
});

const bodySchema = z.looseObject({
  contents: z.array(content).min(1),
  systemInstruction: z.union([z.string(), z.looseObject({})]).optional(),
});

export type GeminiBody = z.output<typeof bodySchema>;

/** One request as it came in: what tests look at. */
export interface GeminiRequest {
  /** When it had arrived whole, in Unix milliseconds. */
  readonly at: number;
  readonly path: string;
  readonly model: string;
  readonly key: string;
  readonly isStream: boolean;
  readonly body: GeminiBody;
}

/** Reads a request as strictly as Google does; what Google refuses is a Reply. */
export function readRequest(path: string, key: string | undefined, body: string): GeminiRequest | Reply {
  const method = /^\/v1(?:beta)?\/models\/([^/:?]+):(generateContent|streamGenerateContent)(?:\?|$)/.exec(path);
  if (method === null) return refusal(404, "NOT_FOUND", `no such method: ${path}`);
  if (!key) return refusal(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
  const parsed = bodySchema.safeParse(asJson(body));
  if (!parsed.success) return refusal(400, "INVALID_ARGUMENT", z.prettifyError(parsed.error));
  if (parsed.data.contents.at(-1)?.role === "model") {
    return refusal(400, "INVALID_ARGUMENT", "The last turn must be the user's.");
  }
  const [, model = "", name] = method;
  return { at: Date.now(), path, model, key, isStream: name === "streamGenerateContent", body: parsed.data };
}

/** The JSON of a text, or undefined for none. */
export function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What the user wrote last. */
export function lastUserText({ contents }: GeminiBody): string {
  return (contents.at(-1)?.parts ?? []).map(({ text }) => text ?? "").join("\n");
}
