import { setTimeout as pause } from "node:timers/promises";
import { engine } from "../images/engine.ts";

const EVERY_MS = 2_000;

/**
 * Runs the health checks of a project's containers. podman leaves that to systemd's timers; without systemd nobody does
 * it, and every container stays "starting".
 */
export function runHealthChecks(project: string): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const found = await engine("ps", "--quiet", "--filter", `label=com.docker.compose.project=${project}`);
      // One that has no check, or has just ended, says so by failing; what it is, the container's state tells.
      for (const id of found.split("\n").filter(Boolean)) await engine("healthcheck", "run", id).catch(() => "");
      await pause(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
