import { openDocuments } from "@botfactory/event-store";

type Database = ReturnType<typeof openDocuments>["database"];

/** Runs work with the installation's documents, or with none where no address is given. */
export async function withDatabase<Result>(
  url: string | undefined,
  work: (database: Database | undefined) => Promise<Result>,
): Promise<Result> {
  if (url === undefined) return work(undefined);
  const documents = openDocuments({ url, appName: "botfactory", onAway: () => undefined });
  try {
    return await work(documents.database);
  } finally {
    await documents.stop();
  }
}
