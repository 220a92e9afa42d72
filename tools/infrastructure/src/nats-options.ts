import type { Progress } from "./progress.ts";
import type { Started } from "./started.ts";

export interface NatsOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Of the server's own HTTP answers; 0, the default, takes a free port. */
  readonly monitoringPort?: number;
  /** Where JetStream keeps its files over restarts; a temporary directory, removed by `stop`, when left out. */
  readonly dataDirectory?: string;
  /** When writes are synced: every one, the default, or every two minutes, as NATS does by itself; for tests of the difference. */
  readonly sync?: NatsSync;
  /** Who may do what, as `natsAccounts` writes it; everybody may do everything when left out. */
  readonly accounts?: string;
  /** Whether everything clients say is written to `trace.log` in the data directory; for tests of who says what. */
  readonly trace?: boolean;
  readonly progress?: Progress;
}

export type NatsSync = "always" | "2m";

export interface StartedNats extends Started {
  /** The server's monitoring address (http://…), where this call started it. */
  readonly monitoring?: string;
}
