import type { NatsSync } from "./nats-options.ts";

export interface NatsConfigOptions {
  readonly store: string;
  readonly host: string;
  /** -1 takes a free port. */
  readonly port: number;
  readonly monitoringPort: number;
  readonly sync?: NatsSync | undefined;
}

/** A nats-server configuration that keeps an acknowledged message through a power cut: every write is synced. */
export function natsConfig({ store, host, port, monitoringPort, sync = "always" }: NatsConfigOptions): string {
  return `host: "${host}"
port: ${port}
http: "${host}:${monitoringPort}"
jetstream { store_dir: ${JSON.stringify(store)}, sync_interval: ${sync} }
`;
}
