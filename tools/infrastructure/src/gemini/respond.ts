import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as wait } from "node:timers/promises";
import { roughTokens } from "./answer.ts";
import type { Reply } from "./failures.ts";
import { failure } from "./failures.ts";
import type { GeminiRequest } from "./request.ts";
import { lastUserText } from "./request.ts";
import type { Scripted } from "./script.ts";
import type { geminiWire, Spoken } from "./wire.ts";

export interface Answering {
  readonly wire: Awaited<ReturnType<typeof geminiWire>>;
  readonly answer: (lastUserText: string) => string;
  readonly latencyMs: number;
  readonly scripted?: Scripted;
}

/** Sends a body of JSON as Google does. */
export function sendJson(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
  response.end(JSON.stringify(body));
}

/** Answers one request as usual or as scripted. */
export async function answer(response: ServerResponse, request: GeminiRequest, how: Answering): Promise<void> {
  const { scripted, latencyMs } = how;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  await wait(latencyMs + (scripted?.afterMs ?? 0), undefined, { signal: gone.signal });
  if (scripted?.kind === "hang") {
    await once(response, "close");
    return;
  }
  const reply = scripted && failure(scripted, request.model);
  if (reply !== undefined) {
    if (reply.status === 200 && request.isStream) sendOneEvent(response, reply.body);
    else sendJson(response, reply);
    return;
  }
  const spoken = spokenFor(request, how);
  if (scripted?.kind === "break-off") {
    breakOff(response, spoken);
    return;
  }
  const said = await how.wire.say(spoken, { ...request, signal: gone.signal });
  response.writeHead(said.status, { "content-type": said.headers.get("content-type") ?? "application/json" });
  if (said.body) await pipeline(Readable.fromWeb(said.body as ReadableStream), response);
}

function sendOneEvent(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`data: ${JSON.stringify(body)}\r\n\r\n`);
}

// The connection ends in the middle, as when Google's server goes away while it speaks.
function breakOff(response: ServerResponse, { content }: Spoken): void {
  const half = content.slice(0, Math.ceil(content.length / 2));
  const chunk = { candidates: [{ content: { role: "model", parts: [{ text: half }] }, index: 0 }] };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`, () => response.destroy());
}

function spokenFor({ body }: GeminiRequest, { answer: usual, scripted }: Answering): Spoken {
  const content = scripted?.text ?? usual(lastUserText(body));
  return {
    content,
    finishReason: scripted?.kind === "max-tokens" ? "length" : "stop",
    usage: { promptTokenCount: roughTokens(JSON.stringify(body)), candidatesTokenCount: roughTokens(content) },
  };
}
