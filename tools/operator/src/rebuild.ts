import { createLogger, type Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { connectForCommand } from "./connect-for-command.ts";
import { type DocumentsOwner, documentsUrl, reachDocuments } from "./database.ts";

interface RebuildModule {
  rebuildReadModels(options: { nats: NatsConnection; mongodbUrl: string; logger: Logger }): Promise<void>;
}

/** Services that keep documents; each rebuilds its own. */
const WITH_READ_MODEL: readonly (readonly [DocumentsOwner, () => Promise<RebuildModule>])[] = [
  ["bots", () => import("@botfactory/bots/rebuild")],
  ["ai", () => import("@botfactory/ai/rebuild")],
  ["conversation", () => import("@botfactory/conversation/rebuild")],
];

export interface RebuildOptions {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly say: (line: string) => void;
}

/** `botfactory rebuild`: empties every read model and fills it from the log, while the services go on. */
export async function rebuild({ natsUrl, mongodbUrl, say }: RebuildOptions): Promise<void> {
  const logger = createLogger("rebuild", "warn", process.stderr);
  const nats = await connectForCommand({ url: natsUrl, name: "rebuild" });
  try {
    await reachDocuments(
      mongodbUrl,
      WITH_READ_MODEL.map(([name]) => name),
    );
    for (const [name, load] of WITH_READ_MODEL) {
      const begun = performance.now();
      const { rebuildReadModels } = await load();
      await rebuildReadModels({ nats, mongodbUrl: documentsUrl(mongodbUrl, name), logger });
      say(`✓ read models of ${name} rebuilt: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    }
  } finally {
    await nats.close();
  }
}
