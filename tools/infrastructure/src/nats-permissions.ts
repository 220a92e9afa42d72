/** The subjects a NATS user may publish to and subscribe to; everything else is refused by the server. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const api = (verb: string, ...streams: readonly string[]) => streams.map((stream) => `$JS.API.${verb}.${stream}`);

/** Looks at a stream's configuration and state. */
const looksAt = (...streams: readonly string[]) => api("STREAM.INFO", ...streams);

/** Fetches single messages from a stream's leader. */
const fetchesFrom = (...streams: readonly string[]) => api("STREAM.MSG.GET", ...streams);

/** Fetches pages of a subject from any of the stream's copies. */
const pagesOf = (...streams: readonly string[]) => api("DIRECT.GET", ...streams);

/** Everything that is read of a stream: its state, single messages, and all of it in order. */
const reads = (...streams: readonly string[]) => [
  ...looksAt(...streams),
  ...fetchesFrom(...streams),
  ...pagesOf(...streams),
];

/** What streams announce to those who follow them. */
const announced = (...streams: readonly string[]) => streams.map((stream) => `stored.${stream}.>`);

/** What the client library asks before it opens a bucket: the limits of the account. */
const OPENS_BUCKETS = "$JS.API.INFO";
const EVENT_STREAMS = ["CONVERSATIONS", "ACCOUNTS", "QUOTAS"];
const STREAMS = ["UPDATES", "QUARANTINE", ...EVENT_STREAMS, "KEYS"];
const BUCKETS = ["KV_webhooks", "KV_workers"];
const NUDGES = "UPDATES.conversation";

/** Nobody hears another user's answers. */
const own = (...users: readonly string[]) => users.map((user) => `_INBOX_${user}.>`);

/**
 * The one table of NATS users: for the local stack and the tests, the chart's trial and the reference for production
 * (docs/operations/nats-users.md). No service may delete, purge, change or create a stream or a consumer, and none but its
 * owner may write one. What streams announce is heard by those who follow them, and of keys by both who keep them in
 * memory: it says when one was destroyed.
 */
export const NATS_PERMISSIONS = {
  ingress: {
    publish: ["updates.*.*", "quarantine.ingress.*", ...looksAt("UPDATES", "QUARANTINE"), ...reads("KV_webhooks")],
    subscribe: [...own("ingress"), ...announced("KV_webhooks")],
  },
  bots: {
    publish: [
      "accounts.*",
      "telegram-bots.*",
      "keys.bot.*",
      "$KV.webhooks.*",
      OPENS_BUCKETS,
      ...reads("ACCOUNTS"),
      ...looksAt("KEYS", "KV_webhooks"),
      ...fetchesFrom("KEYS", "KV_webhooks"),
      ...api("STREAM.MSG.DELETE", "KEYS"),
    ],
    subscribe: [...own("bots"), ...announced("ACCOUNTS", "KEYS")],
  },
  conversation: {
    publish: [
      "conversations.*.*",
      "quarantine.conversation.*",
      "keys.chat.*.*",
      "$KV.workers.*",
      `$JS.ACK.${NUDGES}.>`,
      OPENS_BUCKETS,
      ...reads("CONVERSATIONS"),
      ...looksAt("UPDATES", "KEYS", "KV_workers"),
      ...fetchesFrom("UPDATES", "KEYS", "KV_workers"),
      ...pagesOf("UPDATES"),
      ...["INFO", "MSG.NEXT"].map((verb) => `$JS.API.CONSUMER.${verb}.${NUDGES}`),
    ],
    subscribe: [...own("conversation"), ...announced("CONVERSATIONS", "KEYS")],
  },
  ai: {
    publish: ["quotas.*.*", "allowances.*", ...reads("QUOTAS")],
    subscribe: [...own("ai"), ...announced("QUOTAS")],
  },
  provision: {
    publish: [
      OPENS_BUCKETS,
      ...["INFO", "CREATE", "UPDATE"].flatMap((verb) => api(`STREAM.${verb}`, ...STREAMS, ...BUCKETS)),
      ...["INFO", "CREATE"].map((verb) => `$JS.API.CONSUMER.${verb}.${NUDGES}`),
    ],
    subscribe: own("provision"),
  },
  backup: {
    publish: ["$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.SNAPSHOT.*", "$JS.SNAPSHOT.ACK.>"],
    subscribe: own("backup"),
  },
  auditor: {
    publish: [
      "$JS.API.INFO",
      ...looksAt("UPDATES", "QUARANTINE", "KEYS"),
      ...fetchesFrom("QUARANTINE"),
      ...reads(...EVENT_STREAMS),
    ],
    subscribe: [...own("audit", "doctor"), ...announced(...EVENT_STREAMS)],
  },
} as const satisfies Readonly<Record<string, NatsPermissions>>;

/** Whether one of the patterns of a table allows a subject, as NATS reads them. */
export function allowsSubject(patterns: readonly string[], subject: string): boolean {
  const tokens = subject.split(".");
  return patterns.some((pattern) => {
    const wanted = pattern.split(".");
    const isLong = wanted.at(-1) === ">" ? tokens.length >= wanted.length : tokens.length === wanted.length;
    return isLong && wanted.every((token, place) => token === "*" || token === ">" || token === tokens[place]);
  });
}

/** A user of NATS: a service, or what works beside them. */
export type NatsUser = keyof typeof NATS_PERMISSIONS;
