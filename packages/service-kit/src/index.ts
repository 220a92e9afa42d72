export { type AdminServer, type AdminServerOptions, adminServer } from "./admin-server.ts";
export { ConfigError, loadConfig } from "./config.ts";
export { connectionOptions, connectNats, type NatsOptions } from "./connect-nats.ts";
export { describeConfig, type SettingRow } from "./describe-config.ts";
export { environment } from "./environment.ts";
export { noteOrigin } from "./error-trace.ts";
export type { GoogleApiKey } from "./google-api-keys.ts";
export { type InSpanOptions, inSpan } from "./in-span.ts";
export { type Lifecycle, type LifecycleOptions, lifecycle } from "./lifecycle.ts";
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from "./logger.ts";
export {
  demandMonitoring,
  type NatsSync,
  type NatsSyncConfig,
  natsSync,
  requireSyncedNats,
  UnsyncedNats,
} from "./nats-sync.ts";
export { provision } from "./provision.ts";
export type { ReadinessChecks } from "./readiness.ts";
export { protectSecrets, REDACTED, redactJson, redactText } from "./redaction.ts";
export { isSecret, type Setting, setting } from "./setting.ts";
export { flushTelemetry } from "./telemetry-state.ts";
export { demandWholeTls, TLS_FILES, type TlsConfig, tlsFiles } from "./tls-files.ts";
