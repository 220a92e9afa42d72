import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@botfactory/infrastructure";
import { type ServiceName, serviceProcess } from "../../../tools/cli/src/service-process.ts";
import { REPOSITORY } from "../../setup/repository.ts";

/** One service as in production, a process of its built code; what it needs stands in `env`. */
export async function startService(name: ServiceName, env: Readonly<Record<string, string>>) {
  const { PATH = "" } = process.env;
  const logs = await mkdtemp(join(tmpdir(), "botfactory-fuzz-"));
  const ports = { port: await freePort(), adminPort: await freePort() };
  const service = serviceProcess({
    name,
    replica: 1,
    checkout: () => REPOSITORY,
    logs,
    env: { PATH, LOG_LEVEL: "warn", ...env },
    ...ports,
  });
  let crashes = 0;
  service.onCrash(() => {
    crashes += 1;
  });
  await service.start();
  await service.ready();
  return {
    ...ports,
    pid: service.pid,
    crashes: () => crashes,
    log: () => readFile(service.logFile, "utf8"),
    async stop() {
      await service.end();
      await rm(logs, { recursive: true, force: true });
    },
  };
}
