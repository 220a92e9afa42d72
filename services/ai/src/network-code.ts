import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";

/** Keeps in mind why its requests failed. */
export interface WatchedCall {
  /** Starts what calls `fetch`. */
  run<Result>(task: () => Result): Result;
  /** Node's code for the last failure, such as ECONNREFUSED or CERT_HAS_EXPIRED; undefined where there was none. */
  code(): string | undefined;
}

interface Failure {
  code?: string | undefined;
}

const ofCall = new AsyncLocalStorage<Failure>();
const ofRequest = new WeakMap<object, Failure>();

/** For packages that drop the cause of a failed `fetch`. Node's `fetch` tells it by `diagnostics_channel`, too. */
export function watchedCall(): WatchedCall {
  const failure: Failure = {};
  return { run: (task) => ofCall.run(failure, task), code: () => failure.code };
}

subscribe("undici:request:create", (message) => {
  const [request, failure] = [memberOf(message, "request"), ofCall.getStore()];
  if (failure !== undefined && isObject(request)) ofRequest.set(request, failure);
});

subscribe("undici:request:error", (message) => {
  const request = memberOf(message, "request");
  const failure = isObject(request) ? ofRequest.get(request) : undefined;
  if (failure !== undefined) failure.code = networkCode(memberOf(message, "error"));
});

// A cause of a cause of what `fetch` throws has it at most.
const DEPTH = 3;

/** The system's or Node's code of an error or of what caused it: says what is wrong, and nothing of addresses or keys. */
export function networkCode(error: unknown, depth = DEPTH): string | undefined {
  const code = memberOf(error, "code");
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  return depth === 0 ? undefined : networkCode(memberOf(error, "cause"), depth - 1);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}
