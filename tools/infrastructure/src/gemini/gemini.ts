import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type { Started } from "../started.ts";
import { believableAnswer } from "./answer.ts";
import { control } from "./control.ts";
import { type Offer, offered } from "./offer.ts";
import type { GeminiRequest } from "./request.ts";
import { lastUserText, readRequest } from "./request.ts";
import { answer as sendAnswer, sendJson } from "./respond.ts";
import type { ScriptedWish } from "./script.ts";
import { script, scriptedSchema } from "./script.ts";
import { geminiWire } from "./wire.ts";

// Long runs must not fill the memory; no test looks further back.
const KEPT_REQUESTS = 20_000;

export interface GeminiOptions extends Offer {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Loopback unless said: the stand-in has no passwords. */
  readonly host?: string;
  /** Waits this long before the first byte of each answer; a function is asked anew for each. */
  readonly latencyMs?: number | (() => number);
  /** The usual answer to the user's last text. */
  readonly answer?: (lastUserText: string) => string;
  /** What to do instead of answering, by the user's last text; the script comes first. */
  readonly wishFor?: (lastUserText: string) => ScriptedWish | undefined;
}

export interface StartedGemini extends Started {
  /** Puts behaviour in the queue for coming requests. */
  script(...wishes: readonly ScriptedWish[]): void;
  /** Every request so far, whole, in order of arrival. */
  requests(): readonly GeminiRequest[];
  /** Forgets requests and script. */
  reset(): void;
}

/** A stand-in for the Gemini API (v1beta generateContent and streamGenerateContent), scriptable here or over /control. */
export async function startGemini(options: GeminiOptions = {}): Promise<StartedGemini> {
  const { port = 0, host = "127.0.0.1", latencyMs = 0, answer = believableAnswer, wishFor } = options;
  const wire = await geminiWire();
  const requests: GeminiRequest[] = [];
  const queue = script();
  const record = (request: GeminiRequest) => {
    requests.push(request);
    if (requests.length > KEPT_REQUESTS) requests.shift();
  };
  const state = { requests, script: queue };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const path = request.url ?? "/";
    if (path.startsWith("/control/")) {
      sendJson(response, control(state, { method: request.method ?? "", path, body }));
      return;
    }
    const key = keyOf(request);
    const read = offered(options, { path, key }) ?? readRequest(path, key, body);
    if ("status" in read) {
      sendJson(response, read);
      return;
    }
    record(read);
    const wish = wishFor?.(lastUserText(read.body));
    const scripted = queue.next(body) ?? (wish && scriptedSchema.parse(wish));
    const latency = typeof latencyMs === "number" ? latencyMs : latencyMs();
    await sendAnswer(response, read, { wire, answer, latencyMs: latency, ...(scripted && { scripted }) });
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    await wire.stop();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    how: "stand-in",
    stop,
    script: (...wishes) => queue.add(wishes.map((wish) => scriptedSchema.parse(wish))),
    requests: () => [...requests],
    reset: () => {
      requests.length = 0;
      queue.clear();
    },
  };
}

function keyOf({ headers, url }: IncomingMessage): string | undefined {
  const header = headers["x-goog-api-key"];
  return typeof header === "string"
    ? header
    : (new URL(url ?? "/", "http://local").searchParams.get("key") ?? undefined);
}
