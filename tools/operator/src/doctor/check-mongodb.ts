import { randomUUID } from "node:crypto";
import type { openDocuments } from "@botfactory/event-store";
import { z } from "zod";
import { documentsUrl, isPerService, WITH_DOCUMENTS, withConnected } from "../database.ts";
import { examine, type Finding, failed, inTime, passed } from "./finding.ts";
import { hostsOf } from "./http.ts";
import { reasonOf } from "./reason.ts";

type Database = ReturnType<typeof openDocuments>["database"];

const buildInfo = z.object({ version: z.string(), ferretdb: z.object({ version: z.string() }).optional() });

const LEAST_MONGODB = 7;
const LEAST_FERRETDB = 2;
const NOT_REACHED = "start MongoDB, or correct MONGODB_URL: hosts, credentials, authSource, replicaSet, tls";
const MAY_NOT_WRITE = "grant the user of MONGODB_URL the role readWrite on this database, or make room on its disk";

/** Connection, version, and whether the user may write, in each database where services have their own. */
export async function checkMongodb(url: string | undefined): Promise<Finding[]> {
  if (url === undefined) {
    return [failed("MongoDB", "MONGODB_URL is not set", "set MONGODB_URL, or start a stack with make up")];
  }
  if (!isPerService(url)) return checkOne(url);
  const found = await Promise.all(
    WITH_DOCUMENTS.map(async (service) => {
      const findings = await checkOne(documentsUrl(url, service));
      return findings.map((finding) => ({ ...finding, what: `${finding.what} (${service})` }));
    }),
  );
  return found.flat();
}

async function checkOne(url: string): Promise<Finding[]> {
  try {
    return await inTime(
      withConnected({ url, appName: "botfactory-doctor" }, (database) => checkDatabase(database, url)),
    );
  } catch (error) {
    return [failed("MongoDB", reasonOf(error), NOT_REACHED)];
  }
}

async function checkDatabase(database: Database, url: string): Promise<Finding[]> {
  await database.command({ ping: 1 });
  const connected = passed("MongoDB", `${hostsOf(url)} answers`);
  const checks = [
    examine({ what: "MongoDB version", remedy: NOT_REACHED, run: () => version(database) }),
    examine({ what: "MongoDB writes", remedy: MAY_NOT_WRITE, run: () => writes(database, url) }),
  ];
  return [connected, ...(await Promise.all(checks))];
}

async function version(database: Database): Promise<Finding> {
  const { version: mongodb, ferretdb } = buildInfo.parse(await database.command({ buildInfo: 1 }));
  return judgeDocuments({ mongodb, ferretdb: ferretdb?.version });
}

/** Judges a database by the versions it tells; FerretDB tells MongoDB's beside its own. */
export function judgeDocuments({ mongodb, ferretdb }: { mongodb: string; ferretdb?: string | undefined }): Finding {
  const [name, told, least] =
    ferretdb === undefined ? ["MongoDB", mongodb, LEAST_MONGODB] : ["FerretDB", ferretdb, LEAST_FERRETDB];
  const major = Number(/\d+/.exec(`${told}`)?.[0] ?? 0);
  const found = `${name} ${told}`;
  if (major >= Number(least)) return passed("MongoDB version", found);
  return failed("MongoDB version", found, `upgrade to ${name} ${least} or later, which the product is tested with`);
}

async function writes(database: Database, url: string): Promise<Finding> {
  const what = "MongoDB writes";
  if (URL.canParse(url) && new URL(url).pathname.length <= 1) {
    const remedy = "name the database in the path of MONGODB_URL, such as mongodb://host:27017/botfactory";
    return failed(what, `MONGODB_URL names no database: documents would go to "${database.databaseName}"`, remedy);
  }
  const scratch = database.collection(`doctor_${randomUUID().slice(0, 8)}`);
  try {
    await scratch.insertOne({ by: "botfactory doctor" });
  } finally {
    await scratch.drop().catch(() => false);
  }
  return passed(what, `a document was written to "${database.databaseName}" and removed`);
}
