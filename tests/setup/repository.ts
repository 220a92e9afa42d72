import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout whose built code tests run. */
export const REPOSITORY = resolve(fileURLToPath(import.meta.url), "../../..");
