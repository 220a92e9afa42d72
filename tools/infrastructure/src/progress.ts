/** Writes one line about what goes on; `make up` and the tests hand in their own. */
export type Progress = (line: string) => void;

/** Progress on standard error, so that standard output stays free for results. */
export const toStandardError: Progress = (line) => process.stderr.write(`${line}\n`);

/** Runs `work` between a line that says how long it usually takes and a line that says how long it took. */
export async function timed<T>(progress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  progress(`… ${what}`);
  const heartbeat = setInterval(() => progress(`… still: ${what} (${seconds()} s)`), 15_000);
  try {
    const result = await work();
    progress(`✓ ${what}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
