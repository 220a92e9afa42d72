import { streamInfo } from "@botfactory/event-store";
import { connectionOptions } from "@botfactory/service-kit";
import { connect, type NatsConnection } from "nats";
import { compareClocks } from "./clock.ts";
import { ANSWER_WITHIN_MS, examine, type Finding, failed, passed, skipped } from "./finding.ts";
import { hostsOf } from "./http.ts";
import { judgeVersion } from "./nats-version.ts";
import { reasonOf } from "./reason.ts";

/** Each stream and the service whose provisioning declares it. */
const STREAMS = {
  UPDATES: "ingress",
  QUARANTINE: "ingress",
  CONVERSATIONS: "conversation",
  ACCOUNTS: "bots",
  QUOTAS: "ai",
  KEYS: "bots",
} as const;

const NOT_REACHED = "start NATS, or correct NATS_URL: host, port, tls:// and the credentials in it";
const SWITCHED_OFF =
  "switch it on in NATS's configuration, with jetstream { store_dir: …, sync_interval: always }, and allow it to this user";

/** Connection, version, JetStream and streams, as a client sees them. */
export async function checkNats(url: string | undefined, now: () => number): Promise<Finding[]> {
  if (url === undefined) return [failed("NATS", "NATS_URL is not set", "set NATS_URL, or start a stack with make up")];
  let nats: NatsConnection;
  try {
    nats = await connectOnce(url);
  } catch (error) {
    return [failed("NATS", `${hostsOf(url)}: ${reasonOf(error)}`, NOT_REACHED)];
  }
  try {
    const { version = "", server_name: name = "" } = { server_name: "", ...nats.info };
    const checks = [
      examine({ what: "NATS JetStream", remedy: SWITCHED_OFF, run: () => jetStream(nats) }),
      examine({ what: "NATS streams", remedy: SWITCHED_OFF, run: () => streams(nats) }),
      examine({ what: "clock beside NATS", remedy: SWITCHED_OFF, run: () => clock(nats, now) }),
    ];
    const connected = passed("NATS", `connected to ${nats.getServer()}${name && ` (${name})`}`);
    return [connected, judgeVersion("NATS version", version), ...(await Promise.all(checks))];
  } finally {
    await nats.close();
  }
}

async function connectOnce(url: string): Promise<NatsConnection> {
  const options = await connectionOptions(url);
  // One after the other is tried, and together they must be in time.
  const timeout = ANSWER_WITHIN_MS / url.split(",").length;
  return connect({ ...options, name: "doctor", inboxPrefix: "_INBOX_doctor", reconnect: false, timeout });
}

async function jetStream(nats: NatsConnection): Promise<Finding> {
  const manager = await nats.jetstreamManager();
  const { streams: count, consumers } = await manager.getAccountInfo();
  return passed("NATS JetStream", `on, ${count} streams and ${consumers} consumers`);
}

async function streams(nats: NatsConnection): Promise<Finding> {
  const names = Object.keys(STREAMS) as (keyof typeof STREAMS)[];
  const infos = await Promise.all(names.map((name) => streamInfo(nats, name)));
  const missing = names.filter((_, place) => infos[place] === undefined);
  if (missing.length === 0) {
    const copies = [...new Set(infos.map((info) => info?.config.num_replicas))].join(" or ");
    return passed("NATS streams", `all ${names.length} are there, kept ${copies} time(s)`);
  }
  const programs = [...new Set(missing.map((name) => `node services/${STREAMS[name]}/bundle/provision.js`))];
  return failed(
    "NATS streams",
    `missing: ${missing.join(", ")}`,
    `run the chart's provisioning Job again (docs/operations/kubernetes.md), or with the services' variables: ${programs.join(" && ")}`,
  );
}

async function clock(nats: NatsConnection, now: () => number): Promise<Finding> {
  const what = "clock beside NATS";
  const asked = now();
  for (const name of Object.keys(STREAMS)) {
    const info = await streamInfo(nats, name);
    if (info?.ts !== undefined) return compareClocks({ what, theirs: Date.parse(info.ts), ours: (asked + now()) / 2 });
  }
  return skipped(what, "no stream yet that would tell NATS's time");
}
