import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const REPOSITORY = resolve(fileURLToPath(import.meta.url), "../../../..");

/** Where reports are kept between runs. */
export const REPORTS = join(REPOSITORY, ".botfactory", "bench");
