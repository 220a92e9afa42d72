/** Preloaded into the services by PROFILE=1: writes a CPU profile of the whole life of the process when it ends. */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { setting } from "./settings.ts";

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.start");

process.once("exit", () => {
  session.post("Profiler.stop", (error, result) => {
    if (error !== null) return;
    const name = `${process.env["OTEL_SERVICE_NAME"] ?? "node"}-${process.pid}.cpuprofile`;
    writeFileSync(join(setting("PROFILES"), name), JSON.stringify(result.profile));
  });
});
