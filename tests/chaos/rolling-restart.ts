import type { StormStack, Version } from "./storm-stack.ts";
import { untilReady } from "./supervisor.ts";

export interface Rolling {
  readonly rounds: number;
  /** Which version each round leaves behind, in turn; the same one when left out. */
  readonly upgrade?: Upgrade | undefined;
  readonly tell: (line: string) => void;
}

/** From one version to another: every odd round to the new one, every even round back. */
export interface Upgrade {
  readonly version: Version;
  readonly old: string;
  readonly next: string;
}

const LOOK_EVERY_MS = 50;

/**
 * Restarts every process by SIGTERM, one after another, so many rounds. The next follows when the last is ready again and
 * the balancer has noticed: in Kubernetes that is what `minReadySeconds` is for.
 */
export async function rollOver({ processes, webhooks }: StormStack, { rounds, upgrade, tell }: Rolling): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    const isForward = round % 2 === 1;
    if (upgrade !== undefined) upgrade.version.checkout = isForward ? upgrade.next : upgrade.old;
    for (const process of processes) {
      await process.end("SIGTERM");
      await process.start();
      await untilReady(process);
      while (!webhooks.sendsTo(process.port)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    const version = upgrade && (isForward ? ": all are the new version" : ": all are the old version again");
    tell(`  round ${round} of rolling restarts is over${version ?? ""}`);
  }
}
