import type { Started } from "../../tools/infrastructure/src/index.ts";

const started: Started[] = [];

/** Remembers a part that a run shares, so that its teardown stops it. */
export function sharedByTheRun(part: Started): Started {
  started.push(part);
  process.stderr.write(`  shared: ${part.url} (${part.how})\n`);
  return part;
}

/** Jest's globalTeardown: stops what the run shared, the last started first. */
export default async function tearDown(): Promise<void> {
  for (const part of started.splice(0).reverse()) await part.stop();
}
