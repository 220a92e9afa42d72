import { type AuditedStream, auditStream, type StreamAudit, type StreamEnd, streamEnd } from "@botfactory/event-store";
import type { NatsConnection } from "nats";
import { connectForCommand } from "./connect-for-command.ts";
import { type DocumentsOwner, withDatabase } from "./database.ts";

interface AuditModule {
  auditedStream(context: { owners: Map<string, string>; env: NodeJS.ProcessEnv }): AuditedStream;
}

/** Services with a stream of events, in the order in which they are read: the accounts tell whose a bot is, to the others. */
const WITH_EVENTS: readonly (readonly [DocumentsOwner, () => Promise<AuditModule>])[] = [
  ["bots", () => import("@botfactory/bots/audit")],
  ["ai", () => import("@botfactory/ai/audit")],
  ["conversation", () => import("@botfactory/conversation/audit")],
];

export interface AuditOptions {
  readonly natsUrl: string;
  /** Where the watermarks are; the log is compared with nothing outside of it when left out. */
  readonly mongodbUrl?: string | undefined;
  /** The variables of the services: limits are read from them. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** What an audit of all streams found; `intact` when no invariant is broken anywhere. */
export interface Audit {
  readonly intact: boolean;
  readonly streams: readonly StreamAudit[];
}

/** `botfactory audit`: reads the whole log while the services go on and checks its invariants. Writes nothing. */
export async function audit({ natsUrl, mongodbUrl, env, say }: AuditOptions): Promise<Audit> {
  const nats = await connectForCommand({ url: natsUrl, name: "audit" });
  try {
    const streams: StreamAudit[] = [];
    for (const { owner, audited, end } of await toBeAudited(nats, env)) {
      const onProgress = (events: number) => say(`  ${audited.stream}: ${events} events`);
      const found = await withDatabase(mongodbUrl, owner, (database) =>
        auditStream(nats, audited, { end, onProgress, ...(database && { database }) }),
      );
      streams.push(found);
    }
    const broken = streams.flatMap(({ invariants }) => invariants).some(({ violations }) => violations > 0);
    return { intact: !broken, streams };
  } finally {
    await nats.close();
  }
}

/**
 * The streams and how far each is read. What is stored while the first is read refers to what was stored before it, so the
 * ends are taken in the other order: of the stream that is referred to last.
 */
async function toBeAudited(nats: NatsConnection, env: NodeJS.ProcessEnv) {
  const context = { owners: new Map<string, string>(), env };
  const streams: { owner: DocumentsOwner; audited: AuditedStream; end: StreamEnd | undefined }[] = [];
  for (const [owner, load] of WITH_EVENTS.toReversed()) {
    const audited = (await load()).auditedStream(context);
    streams.unshift({ owner, audited, end: await streamEnd(nats, audited.stream) });
  }
  return streams;
}

/** The audit as lines for people: each invariant, PASS or FAIL, and the first damaged places. */
export function auditReport({ intact, streams }: Audit): string[] {
  const events = streams.reduce((sum, stream) => sum + stream.events, 0);
  const seconds = streams.reduce((sum, stream) => sum + stream.seconds, 0);
  return [
    ...streams.flatMap(streamReport),
    "",
    `${events} events in ${seconds.toFixed(1)} s, ${Math.round(events / Math.max(seconds, 0.001))} a second`,
    intact ? "the log is intact" : "the log is DAMAGED: see docs/operations/log-damage.md",
  ];
}

function streamReport({ stream, events, subjects, unchained, invariants }: StreamAudit): string[] {
  const old = unchained > 0 ? `, ${unchained} of them from before there was a hash chain` : "";
  return [
    "",
    `${stream}: ${events} events of ${subjects} aggregates${old}`,
    ...invariants.flatMap(({ name, violations, places }) => [
      `  ${violations === 0 ? "PASS" : "FAIL"}  ${name}${violations === 0 ? "" : ` (${violations})`}`,
      ...places.map(({ subject, version, sequence, detail }) => {
        const where = [subject, version && `version ${version}`, sequence && `sequence ${sequence}`];
        return `          ${[...where.filter(Boolean), detail].join(", ")}`;
      }),
    ]),
  ];
}
