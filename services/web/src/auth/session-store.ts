import { DomainError } from "@botfactory/decider";
import type { Logger } from "@botfactory/service-kit";
import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import MongoStore from "connect-mongo";
import type { MongoClient } from "mongodb";

/** Where sessions are kept, once MongoDB has been there. */
export interface SessionStore {
  /** Throws `unavailable` until the collection and its indexes have been made. */
  prepared(): MongoStore;
  stop(): void;
}

// As long as Keycloak's own longest session by default; every use prolongs it.
const LIFETIME_S = 10 * 60 * 60;
const TOUCH_AFTER_S = 5 * 60;
const TRY_AGAIN_WITHIN_MS = 5_000;
const COLLECTION = "sessions";

/** Makes the collection `sessions` with its indexes, however long MongoDB is away; resolves after the first try. */
export async function sessionStore(mongo: MongoClient, logger: Logger): Promise<SessionStore> {
  let store: MongoStore | undefined;
  const stopping = new AbortController();
  const backoff = new ExponentialBackoff({ maxDelay: TRY_AGAIN_WITHIN_MS });
  const forEver = retry(handleAll, { maxAttempts: Number.POSITIVE_INFINITY, backoff });
  forEver.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "MongoDB is away: nobody can be signed in"),
  );
  const prepare = async () => {
    // The driver connects by itself once; a first connection that failed it does not try again.
    await mongo.connect();
    await makeIndexes(mongo);
    store = await openStore(mongo);
  };
  await new Promise<void>((resolve) => {
    forEver.onFailure(() => resolve());
    forEver.execute(prepare, stopping.signal).then(resolve, resolve);
  });
  return {
    prepared() {
      if (store === undefined) throw new DomainError("unavailable", "unavailable");
      return store;
    },
    stop: () => stopping.abort(),
  };
}

async function makeIndexes(mongo: MongoClient): Promise<void> {
  const keys = ["session.signIn.keycloakSession", "session.signIn.ownerId"];
  await mongo
    .db()
    .collection(COLLECTION)
    .createIndexes(keys.map((key) => ({ key: { [key]: 1 } })));
}

async function openStore(client: MongoClient): Promise<MongoStore> {
  const store = MongoStore.create({
    client,
    collectionName: COLLECTION,
    ttl: LIFETIME_S,
    touchAfter: TOUCH_AFTER_S,
    stringify: false,
  });
  await store.collectionP;
  return store;
}
