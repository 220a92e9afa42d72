import { ensureStream } from "@botfactory/event-store";
import {
  allowsSubject,
  freshNats,
  NATS_PERMISSIONS,
  NATS_USERS,
  type NatsKeys,
  type NatsUser,
  natsAccounts,
  newNatsKeys,
  type StartedNats,
} from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { connectAs } from "./setup/nats-user.ts";

const MINUTE = 60_000;
const SERVICES = ["ingress", "bots", "conversation", "ai"] as const;

/** What a service that was taken over would reach for: none of it is any service's to ask for. */
const DANGERS = [
  "$JS.API.STREAM.CREATE.CONVERSATIONS",
  "$JS.API.STREAM.UPDATE.CONVERSATIONS",
  "$JS.API.STREAM.DELETE.CONVERSATIONS",
  "$JS.API.STREAM.PURGE.CONVERSATIONS",
  "$JS.API.STREAM.MSG.DELETE.CONVERSATIONS",
  "$JS.API.STREAM.SNAPSHOT.CONVERSATIONS",
  "$JS.API.STREAM.RESTORE.CONVERSATIONS",
  "$JS.API.CONSUMER.DELETE.UPDATES.conversation",
  "$JS.API.CONSUMER.CREATE.UPDATES",
  "$JS.API.CONSUMER.CREATE.QUOTAS.x.quotas.x.y",
  "$JS.API.CONSUMER.CREATE.QUARANTINE",
  "$JS.API.STREAM.MSG.DELETE.QUARANTINE",
  "$JS.API.DIRECT.GET.QUARANTINE",
  "$JS.API.STREAM.LIST",
  "$SYS.REQ.SERVER.PING",
  "_INBOX_conversation.x.y",
  "anything",
];
const SUBSCRIBED = ["updates.>", "conversations.>", "accounts.>", "quotas.>", "$JS.>", "_INBOX.>", "_INBOX_*.>", ">"];

let server: StartedNats;
let keys: NatsKeys;

beforeAll(async () => {
  keys = newNatsKeys();
  server = await freshNats({ accounts: natsAccounts(keys) });
}, MINUTE);
afterAll(async () => server?.stop());

/** One subject that a pattern allows and, as far as a table can say it, no other pattern does. */
const instanceOf = (pattern: string) => pattern.replaceAll("*", "x").replace(/>$/, "x.y");

const as = (user: NatsUser) => connectAs(server.url, user, keys[user].seed);

/** Subjects the server refused while `act` went on, by its own errors: they come before its answer to a ping. */
async function refusedDuring(nats: NatsConnection, act: () => void): Promise<string[]> {
  const refused: string[] = [];
  const statuses = nats.status();
  const hearing = (async () => {
    for await (const { permissionContext } of statuses) if (permissionContext) refused.push(permissionContext.subject);
  })();
  act();
  await nats.flush();
  // The client tells of an error a moment after it has read it, so perhaps after the ping's answer; not after another one.
  await nats.flush();
  (statuses as unknown as { stop(): void }).stop();
  await hearing;
  return refused.sort();
}

const patterns = NATS_USERS.flatMap((user) => [...NATS_PERMISSIONS[user].publish]);
const published = [...new Set([...patterns.map(instanceOf), ...DANGERS])].sort();
const heard = [
  ...new Set([...NATS_USERS.flatMap((user) => [...NATS_PERMISSIONS[user].subscribe]), ...SUBSCRIBED]),
].sort();

describe.each(NATS_USERS)("the NATS user %s", (user) => {
  const { publish, subscribe } = NATS_PERMISSIONS[user] as { publish: readonly string[]; subscribe: readonly string[] };
  let nats: NatsConnection;
  beforeAll(async () => {
    nats = await as(user);
  });
  afterAll(async () => nats?.close());

  it(`may publish to its ${publish.length} subjects and to none of the others`, async () => {
    const refused = await refusedDuring(nats, () => {
      for (const subject of published) nats.publish(subject, "{}");
    });
    expect(refused).toEqual(published.filter((subject) => !allowsSubject(publish, subject)));
  });

  it("hears its own inbox and what it is told, and nothing else", async () => {
    const refused = await refusedDuring(nats, () => {
      for (const subject of heard) nats.subscribe(subject, { callback: () => {} });
    });
    expect(refused).toEqual(heard.filter((subject) => !subscribe.includes(subject)));
  });
});

it("a service waits for the stream that it may not declare until the provisioning user has", async () => {
  const [service, provisioner] = await Promise.all([as("ai"), as("provision")]);
  const stream = { name: "QUOTAS", subjects: ["quotas.>"] };
  const waiting = ensureStream(service, stream);
  await expect(Promise.race([waiting, service.flush().then(() => "waits")])).resolves.toBe("waits");
  const declared = await ensureStream(provisioner, stream);
  expect((await waiting).created).toBe(declared.created);
  await Promise.all([service.close(), provisioner.close()]);
});

it("nobody comes in without a key", async () => {
  await expect(connect({ servers: server.url })).rejects.toThrow(/authorization/i);
  const [stranger] = Object.values(newNatsKeys());
  await expect(connectAs(server.url, "ai", stranger?.seed ?? "")).rejects.toThrow(/authorization/i);
});

describe.each(SERVICES)("the table lets %s", (user) => {
  const { publish } = NATS_PERMISSIONS[user];

  it("ask for no change of a stream and for no consumer; bots alone may delete messages, of keys", () => {
    const changes = publish.filter((subject) =>
      /STREAM\.(CREATE|UPDATE|DELETE|PURGE|MSG\.DELETE|SNAPSHOT|RESTORE)|CONSUMER\.(CREATE|DELETE)/.test(subject),
    );
    expect(changes).toEqual(user === "bots" ? ["$JS.API.STREAM.MSG.DELETE.KEYS"] : []);
  });

  it("publish nothing that another may publish too", () => {
    const others = NATS_USERS.filter((other) => other !== user).flatMap((other) => [
      ...NATS_PERMISSIONS[other].publish,
    ]);
    const shared = publish.filter(
      (subject) => !subject.startsWith("$JS") && allowsSubject(others, instanceOf(subject)),
    );
    expect(shared).toEqual([]);
  });
});

it("the table lets the auditor only look and read, of what was set aside too, and of keys and updates not even read", () => {
  const { publish } = NATS_PERMISSIONS.auditor;
  const others = publish.filter(
    (subject) => !/^\$JS\.API\.(INFO$|STREAM\.INFO|STREAM\.MSG\.GET|DIRECT\.GET)/.test(subject),
  );
  expect(others).toEqual([]);
  const readable = publish.filter((subject) => subject.includes(".GET.")).map((subject) => subject.split(".").at(-1));
  expect([...new Set(readable)].sort()).toEqual(["ACCOUNTS", "CONVERSATIONS", "QUARANTINE", "QUOTAS"]);
});
