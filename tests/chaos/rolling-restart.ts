import type { StormStack } from "./storm-stack.ts";
import { untilReady } from "./supervisor.ts";

export interface Rolling {
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

/** Restarts every process by SIGTERM, one after another, the next when the last is ready again; so many rounds. */
export async function rollOver({ processes }: StormStack, { rounds, tell }: Rolling): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const process of processes) {
      await process.end("SIGTERM");
      await process.start();
      await untilReady(process);
    }
    tell(`  round ${round} of rolling restarts is over`);
  }
}
