import { apiCode, isAsDeclared, provisioning, REQUEST_TIMEOUT_MS, whenLogAnswers } from "@botfactory/event-store";
import { AckPolicy, DeliverPolicy, type NatsConnection, nanos } from "nats";
import { placeOf } from "./chat-place.ts";
import type { HeldChats } from "./held-chats.ts";
import { UPDATES } from "./waiting-updates.ts";

/** The end of taking nudges. */
export interface Nudges {
  stop(): Promise<void>;
}

export const CONSUMER = "conversation";
// As long as a worker's presence key: the chats of a killed one come back when its claims are free. What is held is kept
// by `working()`; a nudge that comes back too early finds the chat held and changes nothing.
const ACK_WAIT_MS = 3_000;
// Far ahead: a flood in one chat must not hide the others, and its nudges are acknowledged as they come.
const MOST_UNACKNOWLEDGED = 20_000;

// The client library pauses as long, give or take a half, when the consumer has no leader as it comes back to the log:
// its own half a minute would be half a minute without answers. A request for nudges that waits costs the server little.
const REQUEST_LIVES_MS = 2_000;

/** Takes deliveries of updates as nudges ("this chat has work") from one consumer that all replicas share. */
export async function takeNudges(nats: NatsConnection, chats: HeldChats): Promise<Nudges> {
  await declareNudges(nats);
  const consumer = await whenLogAnswers(Number.POSITIVE_INFINITY, () =>
    nats.jetstream({ timeout: REQUEST_TIMEOUT_MS }).consumers.get(UPDATES, CONSUMER),
  );
  const messages = await consumer.consume({ max_messages: 500, expires: REQUEST_LIVES_MS });

  const taking = (async () => {
    for await (const nudge of messages) {
      const place = placeOf(nudge.subject);
      if (place === undefined) nudge.term("not an update of a chat");
      else chats.take(place, nudge);
    }
  })();

  return {
    async stop() {
      messages.stop();
      await chats.release();
      await taking;
    },
  };
}

const CONSUMER_NOT_FOUND = 10014;
const CONSUMER_IS_DIFFERENT = 10148;

/** Makes the consumer anew, to begin after a sequence: one from a backup may stand beyond the end of its stream. */
export async function startNudgesAfter(nats: NatsConnection, sequence: number): Promise<void> {
  const { consumers } = await nats.jetstreamManager({ checkAPI: false });
  await consumers.delete(UPDATES, CONSUMER).catch(() => false);
  await consumers.add(UPDATES, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: sequence + 1,
    max_deliver: -1,
  });
}

/**
 * Creates the consumer of UPDATES that all replicas share, or brings it to its declaration. A log that is away is waited
 * for, as long as the connection is open.
 */
export function declareNudges(nats: NatsConnection): Promise<void> {
  return whenLogAnswers(Number.POSITIVE_INFINITY, () => declare(nats));
}

async function declare(nats: NatsConnection): Promise<void> {
  const { consumers } = await nats.jetstreamManager({ checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  const changeable = {
    description: "Nudges for the conversation service: a delivery only says that the chat has work",
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MOST_UNACKNOWLEDGED,
    max_deliver: -1,
  };
  const fixed = { durable_name: CONSUMER, ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All };
  const existing = await consumers.info(UPDATES, CONSUMER).catch(unlessMissing);
  if (existing !== undefined && isAsDeclared(changeable, existing.config)) return;
  await provisioning(`consumer ${CONSUMER} of ${UPDATES}`, async () => {
    try {
      await consumers.add(UPDATES, { ...fixed, ...changeable });
    } catch (error) {
      if (apiCode(error) !== CONSUMER_IS_DIFFERENT) throw error;
      await consumers.update(UPDATES, CONSUMER, changeable);
    }
  });
}

function unlessMissing(error: unknown): undefined {
  if (apiCode(error) !== CONSUMER_NOT_FOUND) throw error;
}
