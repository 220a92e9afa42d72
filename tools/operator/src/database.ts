import { openDocuments } from "@botfactory/event-store";
import { hostsOf } from "./doctor/http.ts";
import { reasonOf } from "./doctor/reason.ts";

type Database = ReturnType<typeof openDocuments>["database"];

/** Whoever keeps documents; each may have a database of its own. */
export const WITH_DOCUMENTS = ["bots", "ai", "conversation", "web"] as const;
/** A service with documents. */
export type DocumentsOwner = (typeof WITH_DOCUMENTS)[number];

/** The service that writes a stream of events, and keeps what is known of the log beside its documents. */
export const OWNER_OF_STREAM: Readonly<Record<string, DocumentsOwner>> = {
  ACCOUNTS: "bots",
  QUOTAS: "ai",
  CONVERSATIONS: "conversation",
};

const SERVICE = "{service}";

/** The address of a service's documents: `{service}` in it stands for the service's name; without it all share one database. */
export function documentsUrl(url: string, service: DocumentsOwner): string {
  return url.replaceAll(SERVICE, service);
}

/** Whether each service has a database of its own there. */
export function isPerService(url: string): boolean {
  return url.includes(SERVICE);
}

/** Runs work with a service's documents, once they are reached, or with none where no address is given. */
export async function withDatabase<Result>(
  url: string | undefined,
  service: DocumentsOwner,
  work: (database: Database | undefined) => Promise<Result>,
): Promise<Result> {
  if (url === undefined) return work(undefined);
  const address = documentsUrl(url, service);
  return withConnected({ url: address, appName: "botfactory" }, work, (problem) => unreachable(address, problem));
}

/** Connects as the services do, but fails with the first attempt that does. */
export async function withConnected<Result>(
  where: { readonly url: string; readonly appName: string },
  work: (database: Database) => Promise<Result>,
  explained: (problem: unknown) => unknown = (problem) => problem,
): Promise<Result> {
  let fail: (problem: unknown) => void = () => undefined;
  const documents = openDocuments({ ...where, onAway: (problem) => fail(problem) });
  const connected = new Promise<void>((resolve, reject) => {
    fail = (problem) => reject(explained(problem));
    documents.onConnected(async () => resolve());
  });
  try {
    await connected;
    return await work(documents.database);
  } finally {
    await documents.stop();
  }
}

/** Fails when the documents of one of them cannot be reached: before anything is changed, not in the middle. */
export async function reachDocuments(url: string, services: readonly DocumentsOwner[]): Promise<void> {
  for (const service of services) await withDatabase(url, service, async () => undefined);
}

function unreachable(address: string, cause: unknown): Error {
  const remedy = "correct MONGODB_URL, or run botfactory doctor to see what is wrong with it";
  return new Error(`MongoDB at ${hostsOf(address)}: ${reasonOf(cause)}; ${remedy}`, { cause });
}
