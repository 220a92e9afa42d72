import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { boundToParent } from "@botfactory/infrastructure";

/** Services that keep something in NATS, each with a program that declares it. */
export const KEEPERS = ["ingress", "bots", "conversation", "ai"] as const;

/** Declares what all services keep in NATS, side by side, as the chart's Job does; `env` says where and in whose name. */
export async function provisionAll(repository: string, env: NodeJS.ProcessEnv): Promise<void> {
  await Promise.all(
    KEEPERS.map((service) => {
      const program = join("services", service, "bundle", "provision.js");
      const [command, args] = boundToParent(process.execPath, [program], "KILL");
      return promisify(execFile)(command, args, { cwd: repository, env });
    }),
  );
}
