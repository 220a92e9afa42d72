import { NATS_PERMISSIONS, type NatsUser } from "@botfactory/infrastructure";
import { connect, type NatsConnection, nkeyAuthenticator } from "nats";

/** Where a user hears answers, the first pattern of its own without the end. */
export const inboxOf = (user: NatsUser) => String(NATS_PERMISSIONS[user].subscribe[0]).replace(/\.>$/, "");

/** A connection as one of the NATS users, by its seed; tried again where a busy machine was too slow to show it in time. */
export function connectAs(server: string, user: NatsUser, seed: string): Promise<NatsConnection> {
  const authenticator = nkeyAuthenticator(Buffer.from(seed));
  const patience = { timeout: 5_000, waitOnFirstConnect: true };
  return connect({ servers: server, authenticator, inboxPrefix: inboxOf(user), ...patience });
}
