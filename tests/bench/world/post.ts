import { Agent, request } from "node:http";
import { pace } from "./pace.ts";
import { textUpdate } from "./updates.ts";
import type { World } from "./world.ts";

/** Where a system takes its webhook posts. */
export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One update's way through a system, ms. */
export interface Passage {
  /** From the post to its 200. */
  readonly ack: number;
  /** From the post to sendMessage. */
  readonly total: number;
  /** The same without the model's own time. */
  readonly overhead: number;
}

// Telegram's own limit of max_connections.
const agent = new Agent({ keepAlive: true, maxSockets: 100 });

const BUSY = 503;
const AGAIN_AFTER_MS = 1_000;

/** Posts one update, again while the system is busy as Telegram would, and resolves with the time until 200, ms. */
export function post(webhook: Webhook, body: string): Promise<number> {
  return postAgain(webhook, body, (status) => status === BUSY);
}

/** Posts one update until it is answered 200, whatever else is answered first, as Telegram does; resolves with the time, ms. */
export function postUntilTaken(webhook: Webhook, body: string): Promise<number> {
  return postAgain(webhook, body, () => true);
}

async function postAgain(
  webhook: Webhook,
  body: string,
  isAgain: (status: number | undefined) => boolean,
): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const status = await postOnce(webhook, body);
    if (status === 200) return performance.now() - begun;
    if (!isAgain(status)) throw new Error(`a post was answered ${status}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

function postOnce({ url, headers }: Webhook, body: string): Promise<number | undefined> {
  const length = Buffer.byteLength(body);
  const all = { ...headers, "content-type": "application/json", "content-length": length };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent, headers: all }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Posts an update and follows it to its reply. */
export async function follow(world: World, webhook: Webhook, chatId: number): Promise<Passage> {
  const { mark, body } = textUpdate(chatId);
  const begun = performance.now();
  const [ack, reply] = await Promise.all([post(webhook, body), world.reply(mark, 60_000)]);
  const total = reply.at - begun;
  return { ack, total, overhead: total - reply.modelMs };
}

export interface Load {
  readonly aSecond: number;
  readonly count: number;
  /** Chats are used in turn, so no two updates of one chat are under way together. */
  readonly chats: readonly number[];
}

/** Open loop: posts at a fixed rate whatever the answers do, and follows every update. */
export async function steadily(world: World, webhook: Webhook, { aSecond, count, chats }: Load): Promise<Passage[]> {
  const turnOf = pace(aSecond);
  const under: Promise<Passage>[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    await turnOf(sent);
    const passage = follow(world, webhook, chats[sent % chats.length] ?? 1);
    // Awaited below; until then a failure must not end the run.
    passage.catch(() => undefined);
    under.push(passage);
  }
  return Promise.all(under);
}

/** Closed loop: so many updates under way at any moment, each in a chat of its own. Resolves with the passages. */
export async function saturating(
  world: World,
  webhook: Webhook,
  { count, chats }: Omit<Load, "aSecond">,
): Promise<Passage[]> {
  const passages: Passage[] = [];
  let begun = 0;
  await Promise.all(
    chats.map(async (chatId) => {
      while (begun < count) {
        begun += 1;
        passages.push(await follow(world, webhook, chatId));
      }
    }),
  );
  return passages;
}

/** Chat ids from a number on. */
export function chatsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
