import type { IncomingMessage } from "node:http";

/** A request's body as received; of one over the limit only the beginning, as evidence. */
export interface Body {
  readonly bytes: Buffer;
  readonly isCut: boolean;
  readonly totalBytes: number;
}

const EVIDENCE_BYTES = 1_024;

/**
 * Reads to the end without ever holding more than `limit`; rejects when the sender goes away. By events: reading by
 * `for await` costs a fifth of all that ingress does for an update.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  let kept: Buffer[] = [];
  let totalBytes = 0;

  function take(chunk: Buffer): void {
    const wasCut = totalBytes > limit;
    totalBytes += chunk.length;
    if (wasCut) return;
    kept.push(chunk);
    // A copy, because a slice would keep the whole buffer alive.
    if (totalBytes > limit) kept = [Buffer.from(Buffer.concat(kept).subarray(0, EVIDENCE_BYTES))];
  }

  return new Promise((resolve, reject) => {
    request.on("data", take);
    request.once("end", () => resolve({ bytes: whole(kept), isCut: totalBytes > limit, totalBytes }));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the sender went away")));
  });
}

function whole(kept: readonly Buffer[]): Buffer {
  const [only] = kept;
  return kept.length === 1 && only !== undefined ? only : Buffer.concat(kept);
}
