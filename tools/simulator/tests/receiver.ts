import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { Json } from "../src/message.ts";

export interface Arrival {
  readonly at: number;
  readonly body: string;
  readonly update: Json & { update_id?: number };
  readonly headers: IncomingHttpHeaders;
  /** How many requests were open when this one came, itself included. */
  readonly open: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Close the connection without a word. */
  readonly hangUp?: boolean;
}

/** A webhook of which the test decides every answer. */
export async function startReceiver(answer: (arrival: Arrival) => Reply | Promise<Reply> = () => ({})) {
  const arrivals: Arrival[] = [];
  const waiting = new Set<() => void>();
  let open = 0;

  const server = createServer(async (request, response) => {
    open++;
    const body = Buffer.concat(await request.toArray()).toString();
    const arrival = { at: Date.now(), body, update: parse(body), headers: request.headers, open };
    arrivals.push(arrival);
    for (const wake of [...waiting]) wake();
    const { status = 200, headers = {}, body: text = '{"ok":true}', hangUp } = await answer(arrival);
    open--;
    if (hangUp) request.socket.destroy();
    else response.writeHead(status, headers).end(text);
  });
  server.listen(0, "127.0.0.1");
  // A failed test must not keep the whole run from ending.
  server.unref();
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  /** The first `count` arrivals, once they are there. */
  function until(count: number): Promise<readonly Arrival[]> {
    return new Promise((resolve) => {
      const look = () => {
        if (arrivals.length < count) return;
        waiting.delete(look);
        resolve(arrivals.slice(0, count));
      };
      waiting.add(look);
      look();
    });
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
  return { url: `http://127.0.0.1:${address.port}/hook`, arrivals, until, stop };
}

function parse(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

/** A promise to hold an answer back with. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
