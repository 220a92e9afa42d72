import { keyInvalid, type Reply, refusal } from "./failures.ts";

/** What the stand-in knows; every key and every model unless said. */
export interface Offer {
  readonly keys?: readonly string[];
  readonly models?: readonly string[];
}

const USUAL = ["gemini-3.5-flash-lite"];
const MODEL = /^\/v1(?:beta)?\/models(?:\/([^/:?]+))?(:[A-Za-z]+)?(?:\?|$)/;

/** Answers a question for the models, and refuses a key or a model that is not known; undefined for all else. */
export function offered(
  { keys, models }: Offer,
  { path, key }: { path: string; key: string | undefined },
): Reply | undefined {
  const asked = MODEL.exec(path);
  // A request without a key is refused where requests are read.
  if (asked === null || (!key && asked[2])) return undefined;
  if (!key) return refusal(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
  if (keys !== undefined && !keys.includes(key)) return keyInvalid();
  const [, model, call] = asked;
  if (model === undefined) return { status: 200, body: { models: (models ?? USUAL).map(described) } };
  if (models !== undefined && !models.includes(model)) {
    return refusal(404, "NOT_FOUND", `models/${model} is not found for API version v1beta`);
  }
  return call === undefined ? { status: 200, body: described(model) } : undefined;
}

const described = (model: string) => ({
  name: `models/${model}`,
  supportedGenerationMethods: ["generateContent", "countTokens"],
});
