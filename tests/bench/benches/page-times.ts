import type { Product } from "../harness/product.ts";
import { percentile } from "../harness/statistics.ts";

/** Per page of the console's API: p50 and p95 in ms over all rounds, and its size in bytes. */
export type PageTimes = ReadonlyMap<string, { readonly p50: number; readonly p95: number; readonly bytes: number }>;

const REQUESTS_A_ROUND = 40;
const AT_ONCE = 4;

interface Listed {
  readonly chats?: readonly { readonly id: string; readonly messages: number }[];
  readonly nextPageToken?: string;
}

/** Reads the pages an owner opens, through web, as the console does. */
export async function timePages(product: Product, botId: string, rounds: number): Promise<PageTimes> {
  const owner = await product.owner();
  const chats = await owner.call<Listed>("GET", `/bots/${botId}/chats`);
  const chatId = chats.body.chats?.[0]?.id ?? "";
  const messages = `/bots/${botId}/chats/${encodeURIComponent(chatId)}/messages`;
  const newest = await owner.call<Listed>("GET", messages);
  const next = (token: string | undefined) => (token ? `?pageToken=${encodeURIComponent(token)}` : "");
  const bots = await owner.call<Listed>("GET", "/bots");
  const pages = {
    "bots, first page": "/bots",
    ...(bots.body.nextPageToken && { "bots, next page": `/bots${next(bots.body.nextPageToken)}` }),
    "one bot": `/bots/${botId}`,
    "chats, first page": `/bots/${botId}/chats`,
    "chats, next page": `/bots/${botId}/chats${next(chats.body.nextPageToken)}`,
    "messages, newest": messages,
    "messages, next page": `${messages}${next(newest.body.nextPageToken)}`,
    "account and usage": "/me",
  };
  const times = new Map(Object.keys(pages).map((name) => [name, { ms: [] as number[], bytes: 0 }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, path] of Object.entries(pages)) {
      const measured = times.get(name);
      if (measured === undefined) continue;
      const readers = Array.from({ length: AT_ONCE }, async () => {
        for (let request = 0; request < REQUESTS_A_ROUND / AT_ONCE; request += 1) {
          const begun = performance.now();
          const { status, text } = await owner.call("GET", path);
          if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
          measured.ms.push(performance.now() - begun);
          measured.bytes = Buffer.byteLength(text);
        }
      });
      await Promise.all(readers);
    }
  }
  return new Map(
    [...times].map(([name, { ms, bytes }]) => [name, { p50: percentile(ms, 0.5), p95: percentile(ms, 0.95), bytes }]),
  );
}
