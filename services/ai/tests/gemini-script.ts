import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

/** One request as the stand-in saw it; `at` is when its headers arrived, ms by a monotonic clock. */
export interface Seen {
  readonly at: number;
  readonly path: string;
  readonly key: string;
  readonly body: GeminiBody;
}

export interface GeminiBody {
  readonly systemInstruction: { readonly parts: readonly { readonly text: string }[] };
  readonly contents: readonly { readonly role: string; readonly parts: readonly { readonly text: string }[] }[];
}

/** How the next request is answered. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => unknown;

/** Stands in for Gemini where a test needs its exact words, google.rpc details included; echoes when it has no script. */
export async function geminiScript() {
  const seen: Seen[] = [];
  const script: Reply[] = [];
  let always: Reply | undefined;
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const body = (await json(request)) as GeminiBody;
    seen.push({ at, path: request.url ?? "", key: String(request.headers["x-goog-api-key"]), body });
    const reply = script.shift() ?? always ?? says(`echo: ${body.contents.at(-1)?.parts[0]?.text}`);
    await reply(response, request);
  });
  // Counting what the heap holds stops this process for seconds; a connection kept that long is not to be closed by it.
  server.keepAliveTimeout = 60_000;
  server.listen(0);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    next: (...replies: Reply[]) => void script.push(...replies),
    always: (reply: Reply | undefined) => {
      always = reply;
    },
    reset: () => {
      seen.length = 0;
      script.length = 0;
      always = undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type GeminiScript = Awaited<ReturnType<typeof geminiScript>>;

/** A stream of events as Gemini sends it with alt=sse. */
export const chunks =
  (...events: readonly object[]): Reply =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
    response.end();
  };

export const piece = (text: string, more: object = {}) => ({
  candidates: [{ content: { parts: [{ text }] }, ...more }],
});
export const usage = { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2 };

export const says = (...texts: readonly string[]): Reply =>
  chunks(...texts.map((text) => piece(text)), {
    ...piece("", { finishReason: "STOP" }),
    usageMetadata: usage,
    modelVersion: "gemini-of-today",
  });

/** An error as Google's front end words it. */
export const fails =
  (code: number, status: string, details: readonly object[] = []): Reply =>
  (response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { code, message: `${status} at AIzaSyA-key-of-google-in-a-message`, status, details } }),
    );
  };

export const quotaFailure = (quotaId: string, retryDelay?: string): Reply =>
  fails(429, "RESOURCE_EXHAUSTED", [
    { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId }] },
    ...(retryDelay === undefined ? [] : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }]),
  ]);
