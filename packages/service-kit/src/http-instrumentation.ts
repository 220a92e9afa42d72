import { createRequire, syncBuiltinESMExports } from "node:module";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";

const PROBES = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * The two that work in ES modules without a loader hook: undici (fetch) speaks by `diagnostics_channel`, and `node:http`
 * is one shared object that can be patched in place. Express, mongoose and grpc-js would need `import-in-the-middle`;
 * their spans are written by hand where they are used.
 */
export function httpInstrumentations() {
  return [
    new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => PROBES.has(url?.split("?")[0] ?? "") }),
    new UndiciInstrumentation(),
  ];
}

/** Makes the patch of `node:http` seen by `import` too: its hook answers `require` only, and named imports are copies. */
export function patchLoadedHttp(): void {
  const require = createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  syncBuiltinESMExports();
}
