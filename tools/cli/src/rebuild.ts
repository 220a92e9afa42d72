import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connectNats, createLogger, type Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { documentsUrl } from "./database.ts";

/** Services that keep documents; each rebuilds its own. */
const WITH_READ_MODEL = ["bots", "ai", "conversation"] as const;

interface RebuildModule {
  rebuildReadModels(options: { nats: NatsConnection; mongodbUrl: string; logger: Logger }): Promise<void>;
}

export interface RebuildOptions {
  readonly repository: string;
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly say: (line: string) => void;
}

/** `make rebuild`: empties every read model and fills it from the log, while the services go on. */
export async function rebuild({ repository, natsUrl, mongodbUrl, say }: RebuildOptions): Promise<void> {
  const logger = createLogger("rebuild", "warn");
  const nats = await connectNats({ url: natsUrl, name: "rebuild", logger });
  try {
    for (const name of WITH_READ_MODEL) {
      const begun = performance.now();
      const { rebuildReadModels } = await loadRebuild(repository, name);
      await rebuildReadModels({ nats, mongodbUrl: documentsUrl(mongodbUrl, name), logger });
      say(`✓ read models of ${name} rebuilt: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    }
  } finally {
    await nats.close();
  }
}

function loadRebuild(repository: string, name: string): Promise<RebuildModule> {
  return import(pathToFileURL(join(repository, "services", name, "dist", "rebuild.js")).href);
}
