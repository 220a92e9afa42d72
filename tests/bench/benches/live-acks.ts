import { setTimeout as pause } from "node:timers/promises";
import { percentile } from "../harness/statistics.ts";
import { pace } from "../world/pace.ts";
import { chatsFrom, post, type Webhook } from "../world/post.ts";
import { textUpdate } from "../world/updates.ts";

const A_SECOND = 50;
const ALONE_MS = 4_000;
const CHATS = chatsFrom(95_000, 200);

/** How long posts wait for their 200, p99 in ms. */
export interface LiveAcks {
  readonly alone: number;
  readonly meanwhile: number;
}

/** Posts at a fixed rate for a few seconds, and then while some work goes on. */
export async function liveAcks(webhook: Webhook, work: () => Promise<void>): Promise<LiveAcks> {
  const alone = await acksUntil(webhook, pause(ALONE_MS));
  const meanwhile = await acksUntil(webhook, work());
  return { alone: percentile(alone, 0.99), meanwhile: percentile(meanwhile, 0.99) };
}

async function acksUntil(webhook: Webhook, done: Promise<void>): Promise<number[]> {
  let isDone = false;
  const ended = done.finally(() => {
    isDone = true;
  });
  ended.catch(() => undefined);
  const under: Promise<number>[] = [];
  const turnOf = pace(A_SECOND);
  while (!isDone) {
    const { body } = textUpdate(CHATS[under.length % CHATS.length] ?? 1);
    const posted = post(webhook, body);
    // Told by the await below.
    posted.catch(() => undefined);
    under.push(posted);
    await turnOf(under.length);
  }
  await ended;
  return Promise.all(under);
}
