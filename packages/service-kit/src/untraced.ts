import { type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";

const noContexts: ContextManager = {
  active: () => ROOT_CONTEXT,
  // biome-ignore lint/complexity/useMaxParams: OpenTelemetry's interface
  with: (_context, work, thisArg, ...given) => work.call(thisArg, ...given),
  bind: (_context, target) => target,
  enable: () => noContexts,
  disable: () => noContexts,
};

/**
 * How the SDK starts where no spans are sent: contexts are not followed through promises and nothing is put into
 * headers. Following them is what tracing costs even without a span.
 */
export const UNTRACED = { contextManager: noContexts, textMapPropagator: null };
