import type { StormStack } from "./storm-stack.ts";
import { untilReady } from "./supervisor.ts";

export interface Rolling {
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

const LOOK_EVERY_MS = 50;

/**
 * Restarts every process by SIGTERM, one after another, so many rounds. The next follows when the last is ready again and
 * the balancer has noticed: in Kubernetes that is what `minReadySeconds` is for.
 */
export async function rollOver({ processes, webhooks }: StormStack, { rounds, tell }: Rolling): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const process of processes) {
      await process.end("SIGTERM");
      await process.start();
      await untilReady(process);
      while (!webhooks.sendsTo(process.port)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    tell(`  round ${round} of rolling restarts is over`);
  }
}
