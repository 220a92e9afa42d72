import { join } from "node:path";
import type { NatsSync } from "./nats-options.ts";

export interface NatsConfigOptions {
  readonly store: string;
  readonly host: string;
  /** -1 takes a free port. */
  readonly port: number;
  readonly monitoringPort: number;
  readonly sync?: NatsSync | undefined;
  readonly accounts?: string | undefined;
  readonly trace?: boolean | undefined;
}

/** A nats-server configuration that keeps an acknowledged message through a power cut: every write is synced. */
export function natsConfig(options: NatsConfigOptions): string {
  const { store, host, port, monitoringPort, sync = "always" } = options;
  return `host: "${host}"
port: ${port}
http: "${host}:${monitoringPort}"
jetstream { store_dir: ${JSON.stringify(store)}, sync_interval: ${sync} }
${natsMoreConfig(options)}`;
}

/** What a configuration says of users and of tracing, if anything. */
export function natsMoreConfig({
  store,
  accounts = "",
  trace = false,
}: Pick<NatsConfigOptions, "store" | "accounts" | "trace">): string {
  return `${accounts}${trace ? `trace: true\nlog_file: ${JSON.stringify(join(store, "trace.log"))}\n` : ""}`;
}
