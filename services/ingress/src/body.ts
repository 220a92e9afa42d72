import type { IncomingMessage } from "node:http";

/** A request's body as received; of one over the limit only the beginning, as evidence. */
export interface Body {
  readonly bytes: Buffer;
  readonly isCut: boolean;
  readonly totalBytes: number;
}

const EVIDENCE_BYTES = 1_024;

/** Reads to the end without ever holding more than `limit`; rejects when the sender goes away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  let kept: Buffer[] = [];
  let totalBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const wasCut = totalBytes > limit;
    totalBytes += chunk.length;
    if (wasCut) continue;
    kept.push(chunk);
    // A copy, because a slice would keep the whole buffer alive.
    if (totalBytes > limit) kept = [Buffer.from(Buffer.concat(kept).subarray(0, EVIDENCE_BYTES))];
  }
  return { bytes: Buffer.concat(kept), isCut: totalBytes > limit, totalBytes };
}
