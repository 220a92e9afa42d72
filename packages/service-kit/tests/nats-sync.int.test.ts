import { freshNats, type StartedNats, startNatsCluster } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  createLogger,
  demandMonitoring,
  environment,
  loadConfig,
  requireSyncedNats,
  UnsyncedNats,
} from "../src/index.ts";

let [synced, unsynced]: StartedNats[] = [];
beforeAll(async () => {
  [synced, unsynced] = await Promise.all([freshNats(), freshNats({ sync: "2m" })]);
});
afterAll(() => Promise.all([synced?.stop(), unsynced?.stop()]));

const schema = environment.pick({ NATS_SYNC: true, NATS_MONITORING_URL: true }).superRefine(demandMonitoring);

/** What the service logged, once it may go on. */
async function startWith(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const lines: string[] = [];
  const logger = createLogger("bots", "info", { write: (line) => void lines.push(line) });
  await requireSyncedNats(loadConfig(schema, env), logger);
  return lines.join("");
}

describe("a service that starts", () => {
  it("goes on when every NATS server says that it syncs every write", async () => {
    expect(await startWith({ NATS_MONITORING_URL: `${synced?.monitoring}, ${synced?.monitoring}` })).toBe("");
  });

  it("is refused when one of them does not, and told what to do", async () => {
    const urls = `${synced?.monitoring},${unsynced?.monitoring}`;
    const refusal = startWith({ NATS_MONITORING_URL: urls });
    await expect(refusal).rejects.toThrow(UnsyncedNats);
    await expect(refusal).rejects.toThrow(`${unsynced?.monitoring}): a power cut would lose`);
    await expect(refusal).rejects.toThrow("sync_interval: always");
  });

  it("is refused when it may not look and nobody vouches for the servers", async () => {
    await expect(startWith({})).rejects.toThrow(/NATS_MONITORING_URL: is needed[\s\S]*NATS_SYNC=stated/);
  });

  it("goes on without a look when the operator states that they sync", async () => {
    expect(await startWith({ NATS_SYNC: "stated" })).toBe("");
  });

  it("warns loudly when the operator does not demand it", async () => {
    const logged = await startWith({ NATS_SYNC: "unsynced", NATS_MONITORING_URL: unsynced?.monitoring });
    expect(JSON.parse(logged)).toMatchObject({ msg: expect.stringContaining("a power cut may lose messages") });
  });

  it("waits for a first server to answer, and is content with those that do", async () => {
    const cluster = await startNatsCluster();
    try {
      const [first, second] = cluster.servers;
      first?.kill();
      second?.kill();
      expect(await startWith({ NATS_MONITORING_URL: cluster.monitoring })).toBe("");
    } finally {
      await cluster.stop();
    }
  });
});
