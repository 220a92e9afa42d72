import { embeddedProgram, startMongodb } from "../../tools/infrastructure/src/index.ts";
import { sharedByTheRun } from "./shared-parts.ts";

/** Starts what the int tests of one run share: the database. Each test file starts a NATS server of its own. */
export default async function setUp(): Promise<void> {
  // Built here, once, so that no test file waits for it within its own time limit.
  if (process.env["BOTFACTORY_INFRASTRUCTURE"] !== "containers") await embeddedProgram();
  process.env["MONGODB_URL"] = sharedByTheRun(await startMongodb()).url;
}
