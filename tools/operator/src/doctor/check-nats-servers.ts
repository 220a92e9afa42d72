import { natsSync } from "@botfactory/service-kit";
import { z } from "zod";
import { examine, type Finding, failed, passed, skipped } from "./finding.ts";
import { get, plain } from "./http.ts";
import { judgeVersion } from "./nats-version.ts";
import type { DoctorSettings } from "./settings.ts";

const serverSchema = z.object({ version: z.string() });
const storeSchema = z.object({ storage: z.number(), config: z.object({ max_storage: z.number() }) });

const LEAST_FREE = 0.1;
const GIB = 1024 ** 3;

const UNREACHED =
  "start this server, or open its monitoring port (http: 8222) to services; NATS_MONITORING_URL lists every server's";
const UNSYNCED =
  "set jetstream { sync_interval: always } and restart this server: a power cut would lose acknowledged messages (docs/operations/durability.md)";
const NOT_NAMED =
  "set NATS_MONITORING_URL to every server's http://host:8222; services refuse to start without, unless NATS_SYNC=stated or unsynced";

type SyncSettings = Pick<DoctorSettings, "NATS_URL" | "NATS_MONITORING_URL" | "NATS_SYNC">;

/** What only the monitoring port of each server tells: how it syncs, which version it is, the room in its store. */
export async function checkNatsServers(settings: SyncSettings, now: () => number): Promise<Finding[]> {
  const { NATS_MONITORING_URL: urls = [], NATS_SYNC: promise } = settings;
  if (urls.length === 0) return [unseen(promise)];
  const found = await Promise.all(
    urls.map((url) =>
      Promise.all([
        examine({ what: `NATS sync, ${plain(url)}`, remedy: UNREACHED, run: () => sync(url, promise) }),
        examine({ what: `NATS version, ${plain(url)}`, remedy: UNREACHED, run: () => version(url, now) }),
        examine({ what: `NATS store, ${plain(url)}`, remedy: UNREACHED, run: () => store(url, now) }),
      ]),
    ),
  );
  return found.flat();
}

function unseen(promise: SyncSettings["NATS_SYNC"]): Finding {
  if (promise === "verified") return failed("NATS sync", "NATS_MONITORING_URL is not set", NOT_NAMED);
  return skipped("NATS sync", `NATS_SYNC=${promise}, and NATS_MONITORING_URL is not set: nobody has looked`);
}

async function sync(url: string, promise: SyncSettings["NATS_SYNC"]): Promise<Finding> {
  const what = `NATS sync, ${plain(url)}`;
  const answer = await natsSync(url);
  if (answer === undefined) return failed(what, "its monitoring port does not answer", UNREACHED);
  if (answer === "synced") return passed(what, "every write is synced (sync_interval: always)");
  if (promise === "unsynced") return skipped(what, "writes are not synced, which NATS_SYNC=unsynced accepts");
  return failed(what, "acknowledges before its disk has the message", UNSYNCED);
}

async function version(url: string, now: () => number): Promise<Finding> {
  const { body } = await get(new URL("/varz", url), { now });
  return judgeVersion(`NATS version, ${plain(url)}`, serverSchema.parse(body).version);
}

async function store(url: string, now: () => number): Promise<Finding> {
  const { body } = await get(new URL("/jsz", url), { now });
  const { storage, config } = storeSchema.parse(body);
  return judgeStore(`NATS store, ${plain(url)}`, { used: storage, most: config.max_storage });
}

/** Judges the room left in JetStream's store, in bytes. */
export function judgeStore(what: string, { used, most }: { used: number; most: number }): Finding {
  const found = `${(used / GIB).toFixed(2)} of ${(most / GIB).toFixed(2)} GiB used`;
  if (most - used >= most * LEAST_FREE) return passed(what, found);
  return failed(
    what,
    found,
    "enlarge the volume and max_file_store: a full store takes no update, and nothing is lost",
  );
}
