import { NATS_PERMISSIONS, type NatsPermissions, type NatsUser } from "./nats-permissions.ts";
import { NATS_USERS, type NatsKey, newNatsKey } from "./nats-users.ts";

/** The account of nats-server that has JetStream, and with it the streams. */
export const LOG_ACCOUNT = "BOTFACTORY";

/** Those who change no stream's configuration and copy none, each in an account of its own; the others work in the log's. */
const APART = ["ingress", "bots", "conversation", "ai", "auditor"] as const satisfies readonly NatsUser[];
const TRUSTED = NATS_USERS.filter((user) => !APART.some((apart) => apart === user));

/**
 * A request that got no answer for so long gets none any more: the longest, for the next nudges, waits 30 s. NATS remembers
 * where its answers go, about 2 KB, for so long to twice as long after the last one, since there may be many: no longer than it must.
 */
const ANSWERED_WITHIN = "35s";

/** JetStream's own API. Imported whole: beside a part of it NATS would import its own, which answers that there is no JetStream. */
const API = "$JS.API.>";

type Keys = Readonly<Record<NatsUser, Pick<NatsKey, "publicKey">>>;

/**
 * The `accounts` of a nats-server configuration: each user by its public key with exactly its subjects, and each service
 * and the auditor in an account that imports these from the log's. An answer leaves the log's account only for who asked, so no service can
 * have NATS answer to another stream or to the API. With `openTo`, a name, who shows no credentials is that user of the
 * log's account and may do everything: for a server only this machine reaches.
 */
export function natsAccounts(keys: Keys, { openTo }: { readonly openTo?: string } = {}): string {
  const { [LOG_ACCOUNT]: log, ...apart } = accountsWith((user) => ({ nkey: keys[user].publicKey }));
  // Nobody has to know it: it is the name that is taken for who shows none.
  const open = openTo === undefined ? [] : [{ user: openTo, password: newNatsKey().seed }];
  const accounts = { [LOG_ACCOUNT]: { ...log, users: [...log.users, ...open] }, ...apart };
  const noAuthUser = openTo === undefined ? "" : `no_auth_user: ${openTo}\n`;
  return `accounts: ${JSON.stringify(accounts, null, 2)}\n${noAuthUser}`;
}

/** All accounts, each user in it named as `named` says. */
export function accountsWith(named: (user: NatsUser) => object) {
  const userOf = (user: NatsUser) => ({ ...named(user), permissions: allowed(NATS_PERMISSIONS[user]) });
  const apart = APART.map((user) => [accountOf(user), { users: [userOf(user)], imports: importsOf(user) }]);
  return {
    [LOG_ACCOUNT]: { jetstream: "enabled", users: TRUSTED.map(userOf), exports: exportsOfTheLog() },
    ...Object.fromEntries(apart),
  };
}

const accountOf = (user: NatsUser) => `${LOG_ACCOUNT}_${user.toUpperCase()}`;

/** What a user publishes, the API apart, and hears, its own answers apart. */
function subjectsOf(user: NatsUser) {
  const { publish, subscribe }: NatsPermissions = NATS_PERMISSIONS[user];
  return {
    written: publish.filter((subject) => !subject.startsWith("$JS.API.")),
    heard: subscribe.filter((subject) => !subject.startsWith("_INBOX_")),
  };
}

function exportsOfTheLog() {
  const exported = (subject: string, kind: "written" | "heard") =>
    APART.filter((user) => subjectsOf(user)[kind].includes(subject)).map(accountOf);
  const all = (kind: "written" | "heard") => [...new Set(APART.flatMap((user) => subjectsOf(user)[kind]))];
  return [
    { service: API, response_type: "stream", response_threshold: ANSWERED_WITHIN, accounts: APART.map(accountOf) },
    ...all("written").map((subject) => ({ service: subject, accounts: exported(subject, "written") })),
    ...all("heard").map((subject) => ({ stream: subject, accounts: exported(subject, "heard") })),
  ];
}

function importsOf(user: NatsUser) {
  const { written, heard } = subjectsOf(user);
  const from = (subject: string) => ({ account: LOG_ACCOUNT, subject });
  return [
    ...[API, ...written].map((subject) => ({ service: from(subject) })),
    ...heard.map((subject) => ({ stream: from(subject) })),
  ];
}

function allowed({ publish, subscribe }: NatsPermissions) {
  return { publish: { allow: publish }, subscribe: { allow: subscribe } };
}
