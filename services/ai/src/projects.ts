import type { AiConfig } from "./config.ts";
import { gemini } from "./gemini.ts";
import type { Project } from "./reserve-call.ts";

const GOOGLE = "generativelanguage.googleapis.com";
// What stands in for Gemini asks for no key, but the package sends one.
const NO_KEY = { project: "stand-in", key: "none" };

/** One project per key; none when Google itself is to be asked and there is no key. */
export function projectsOf({ GOOGLE_API_KEY, GEMINI_BASE_URL }: AiConfig): Project[] {
  const baseUrl = GEMINI_BASE_URL.replace(/\/+$/, "");
  const keys = GOOGLE_API_KEY ?? (new URL(baseUrl).hostname === GOOGLE ? [] : [NO_KEY]);
  return keys.map(({ project, key }) => ({ name: project, model: gemini({ apiKey: key, baseUrl }) }));
}
