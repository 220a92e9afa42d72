import type { Connection, mongo } from "mongoose";
import { type DocumentsOptions, openDocuments } from "./open-documents.ts";
import type { Projection } from "./projection.ts";

export interface RebuildDocumentsOptions extends Pick<DocumentsOptions, "url" | "onAway"> {
  /** The projection as the running service names it, so that all processes take part in the rebuild. */
  readonly projection: (database: mongo.Db) => Projection;
  /** Makes the indexes of the models; left out where there are none. */
  readonly makeIndexes?: (connection: Connection) => Promise<unknown>;
}

/** Empties a service's documents and fills them from the log, from any process and while the service runs. */
export async function rebuildDocuments(options: RebuildDocumentsOptions): Promise<void> {
  const { url, onAway, projection, makeIndexes } = options;
  const documents = openDocuments({ url, appName: "rebuild", onAway });
  const running = projection(documents.database);
  try {
    await running.rebuild();
    // Whoever dropped a collection dropped its indexes.
    await makeIndexes?.(documents.connection);
  } finally {
    await running.stop();
    await documents.stop();
  }
}
