import type { Request, Response } from "express";

// Never a member named "method": Telegram would run it as a call of the Bot API.
const STORED = JSON.stringify({ ok: true });
const REFUSED = JSON.stringify({ ok: false });

// As Telegram honours it, up to an hour.
const RETRY_AFTER_SECONDS = 5;
const LINGER_MS = 1_000;
const LINGER_BYTES = 1 << 20;

const STORED_HEADERS = {
  "Content-Type": "application/json; charset=utf-8",
  "Content-Length": String(Buffer.byteLength(STORED)),
};

/** Not by Express' `send`, which looks for what a fixed answer cannot need: an etag, a charset, a fresh copy. */
export function answerStored(response: Response): void {
  response.writeHead(200, STORED_HEADERS).end(STORED);
}

/** Telegram asks again later and keeps the chat's order. */
export function answerBusy(response: Response): void {
  response.status(503).set("Retry-After", String(RETRY_AFTER_SECONDS)).type("json").send(REFUSED);
}

/**
 * Refuses before the body is read. A connection closed with unread bytes is reset, and a reset can overtake the answer;
 * so the answer goes first, then what the sender still has under way is thrown away for a moment.
 */
export function refuseUnread(request: Request, response: Response, status: 401 | 404 | 415): void {
  const length = Buffer.byteLength(REFUSED);
  response.status(status).set("Connection", "close").type("json").set("Content-Length", String(length)).write(REFUSED);
  const end = () => {
    clearTimeout(late);
    request.pause();
    response.end();
  };
  const late = setTimeout(end, LINGER_MS);
  let discarded = 0;
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > LINGER_BYTES) end();
  });
  request.once("end", end).once("error", end).once("close", end);
}
