import { streamInfo } from "@botfactory/event-store";
import {
  allowsSubject,
  freshNats,
  NATS_PERMISSIONS,
  type NatsUser,
  natsAccounts,
  newNatsKeys,
  startNatsCluster,
} from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { provisionAll } from "../tools/cli/src/provision-all.ts";
import { until } from "./e2e/support/until.ts";
import { connectAs, inboxOf } from "./setup/nats-user.ts";
import { REPOSITORY } from "./setup/repository.ts";

const MINUTE = 60_000;
/** In an account each. */
const APART = ["ingress", "bots", "conversation", "ai", "auditor"] as const;

/** Something that each stream and bucket holds; but workers, whose entries end by themselves. */
const STORED = {
  UPDATES: "updates.x.y",
  QUARANTINE: "quarantine.ingress.x",
  CONVERSATIONS: "conversations.x.y",
  ACCOUNTS: "accounts.x",
  QUOTAS: "quotas.x.y",
  KEYS: "keys.bot.x",
  KV_webhooks: "$KV.webhooks.x",
} as const;

/** Where a service that was taken over would have answers go. */
const AIMS = [
  ...Object.keys(STORED).flatMap((stream) => [`$JS.API.STREAM.DELETE.${stream}`, `$JS.API.STREAM.PURGE.${stream}`]),
  ...Object.values(STORED),
  ...APART.map((user) => `${inboxOf(user)}.here`),
];
/** NATS answers them with a message, with none, with an error, with nothing. */
const ONE = JSON.stringify({ batch: 1, no_wait: true });
const BODIES = ["", "{}", ONE, JSON.stringify({ seq: 1 }), JSON.stringify({ last_by_subj: "no.thing" })];
const NEXT = "$JS.API.CONSUMER.MSG.NEXT.UPDATES.conversation";
const ANSWERED_MS = 2_000;

const keys = newNatsKeys();
const open: NatsConnection[] = [];
let servers: readonly string[];
let operator: NatsConnection;
let stop: () => Promise<void>;

/** Each comes in at another server, where there are several. */
async function joined(user?: NatsUser): Promise<NatsConnection> {
  const server = servers[open.length % servers.length] ?? "";
  const nats = await (user ? connectAs(server, user, keys[user].seed) : connect({ servers: server }));
  open.push(nats);
  return nats;
}

/** The streams and buckets that were deleted or emptied. */
async function gone(): Promise<string[]> {
  const states = await Promise.all(
    Object.keys(STORED).map(async (name) => ({ name, info: await streamInfo(operator, name) })),
  );
  return states.filter(({ info }) => !info?.state.messages).map(({ name }) => name);
}

/** Which of the subjects something is sent to, from now on; not what it says of its subject itself, a nudge keeps its update's. */
async function sentTo(nats: NatsConnection, subjects: readonly string[]): Promise<ReadonlySet<string>> {
  const sent = new Set<string>();
  for (const subject of subjects) nats.subscribe(subject, { callback: () => void sent.add(subject) });
  await nats.flush();
  return sent;
}

/** Asks for everything that the user may ask for, has the answers go to each aim, and then waits for one of its own. */
async function aimAnswers(nats: NatsConnection, user: NatsUser, aims: readonly string[]): Promise<void> {
  for (const pattern of NATS_PERMISSIONS[user].publish) {
    const subject = pattern.replaceAll("*", "x").replace(/>$/, "x.y");
    for (const reply of aims) for (const body of BODIES) nats.publish(subject, body, { reply });
    // JetStream answers in the order of requests: once this one is answered, the others are.
    await nats.request(subject, "", { timeout: ANSWERED_MS }).catch(() => undefined);
  }
}

/** Has nudges go to each aim, and what NATS says when one is acknowledged: nothing, which is a request to delete a stream. */
async function aimNudges(nats: NatsConnection, aims: readonly string[]): Promise<void> {
  for (const reply of aims) {
    nats.publish(NEXT, ONE, { reply });
    // By an inbox of its own: a nudge bears the update's subject, by which the client finds no request.
    const nudge = await nats.request(NEXT, ONE, { timeout: ANSWERED_MS, noMux: true });
    nats.publish(`${nudge.reply}`, "+ACK", { reply });
  }
  await nats.flush();
}

describe.each([
  ["one server", freshNats],
  ["three servers", startNatsCluster],
] as const)("on %s of NATS", (_, start) => {
  beforeAll(async () => {
    const started = await start({ accounts: natsAccounts(keys, { openTo: "operator" }) });
    servers = started.url.split(",");
    stop = started.stop;
    operator = await joined();
    await provisionAll(REPOSITORY, { ...process.env, NATS_URL: started.url, NATS_SYNC: "stated", LOG_LEVEL: "warn" });
    for (const subject of Object.values(STORED)) await operator.jetstream().publish(subject, "{}");
  }, MINUTE);
  afterAll(async () => {
    await Promise.all(open.splice(0).map((nats) => nats.close()));
    await stop?.();
  });

  describe.each(APART)("%s, taken over,", (user) => {
    const others = APART.filter((other) => other !== user);
    const mayWrite = (subject: string) => allowsSubject(NATS_PERMISSIONS[user].publish, subject);
    const aims = AIMS.filter((aim) => !mayWrite(aim));

    it(
      "has NATS answer to itself alone: not to the log's API, another's stream or another user",
      async () => {
        const service = await joined(user);
        if (user === "conversation") {
          for (let nudge = 0; nudge < 2 * aims.length; nudge += 1)
            await operator.jetstream().publish("updates.x.z", "");
        }
        const sent = await Promise.all([
          sentTo(operator, aims),
          ...others.map(async (other) => sentTo(await joined(other), [`${inboxOf(other)}.here`])),
        ]);
        if (user === "conversation") await aimNudges(service, aims);
        await aimAnswers(service, user, aims);
        await Promise.all(open.map((nats) => nats.flush()));
        expect(sent.flatMap((subjects) => [...subjects])).toEqual([]);
        expect(await gone()).toEqual([]);
      },
      MINUTE,
    );
  });

  /** Who works in the log's account is trusted: a wall stands between accounts, not within one. */
  it("who makes backups, taken over, has NATS write into a stream", async () => {
    const written = async () => (await streamInfo(operator, "UPDATES"))?.state.last_seq ?? 0;
    const before = await written();
    await aimAnswers(await joined("backup"), "backup", [STORED.UPDATES]);
    await until("an answer is stored", async () => (await written()) > before);
  });
});
