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

/** Reads a stream in order, by consumers that forget themselves; for projections and audits. */
const follows = (stream: string) => [
  ...api("CONSUMER.CREATE", stream),
  ...["INFO", "MSG.NEXT", "DELETE"].map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.*`),
];

/** Everything a service does with a stream of its own events, except for appending. */
const keeps = (stream: string) => [...looksAt(stream), ...fetchesFrom(stream), ...pagesOf(stream), ...follows(stream)];

/** What the client library asks before it opens a bucket: the limits of the account. */
const OPENS_BUCKETS = "$JS.API.INFO";
const STREAMS = ["UPDATES", "QUARANTINE", "CONVERSATIONS", "ACCOUNTS", "QUOTAS", "KEYS"];
const BUCKETS = ["KV_webhooks", "KV_workers"];
const NUDGES = "UPDATES.conversation";

/** Nobody hears another user's answers. */
const own = (...users: readonly string[]) => users.map((user) => `_INBOX_${user}.>`);

/**
 * The one table of NATS users: for the local stack and the tests, the chart's trial and the reference for production
 * (docs/operations/nats-users.md). No service may delete, purge, change or create a stream, and none but its owner may
 * write one. `keys.>` is heard by both who keep keys in memory: an empty message there says that one was destroyed.
 */
export const NATS_PERMISSIONS = {
  ingress: {
    publish: [
      "updates.*.*",
      "quarantine.ingress.*",
      OPENS_BUCKETS,
      ...looksAt("UPDATES", "QUARANTINE", "KV_webhooks"),
      "$JS.API.CONSUMER.CREATE.KV_webhooks.>",
      "$JS.FC.KV_webhooks.>",
    ],
    subscribe: own("ingress"),
  },
  bots: {
    publish: [
      "accounts.*",
      "telegram-bots.*",
      "keys.bot.*",
      "$KV.webhooks.*",
      OPENS_BUCKETS,
      ...keeps("ACCOUNTS"),
      ...looksAt("KEYS", "KV_webhooks"),
      ...fetchesFrom("KEYS", "KV_webhooks"),
      ...api("STREAM.MSG.DELETE", "KEYS"),
    ],
    subscribe: [...own("bots"), "keys.>"],
  },
  conversation: {
    publish: [
      "conversations.*.*",
      "quarantine.conversation.*",
      "keys.chat.*.*",
      "$KV.workers.*",
      `$JS.ACK.${NUDGES}.>`,
      OPENS_BUCKETS,
      ...keeps("CONVERSATIONS"),
      ...looksAt("UPDATES", "KEYS", "KV_workers"),
      ...fetchesFrom("UPDATES", "KEYS", "KV_workers"),
      ...pagesOf("UPDATES"),
      ...["INFO", "MSG.NEXT"].map((verb) => `$JS.API.CONSUMER.${verb}.${NUDGES}`),
    ],
    subscribe: [...own("conversation"), "keys.>"],
  },
  ai: {
    publish: ["quotas.*.*", "allowances.*", ...keeps("QUOTAS")],
    subscribe: own("ai"),
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
      ...looksAt(...STREAMS),
      ...["CONVERSATIONS", "ACCOUNTS", "QUOTAS"].flatMap((stream) => [...fetchesFrom(stream), ...follows(stream)]),
    ],
    subscribe: own("audit", "doctor"),
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
