import { AsyncLocalStorage } from "node:async_hooks";
import type { Metadata, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import type { Caller } from "./caller.ts";

/** One call as a handler sees it. */
export interface Call {
  readonly caller: Caller;
  /** Aborted when the caller cancels, goes away, or its deadline passes. */
  readonly signal: AbortSignal;
  /** Unix time in ms; Infinity when the caller set none. */
  readonly deadline: number;
  readonly metadata: Metadata;
}

/** The limits a call hands on to the calls made on its behalf. */
export type CallLimits = Pick<Call, "signal" | "deadline">;

/** Either kind of grpc-js call this package serves. */
export type GrpcCall = ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>;

const current = new AsyncLocalStorage<CallLimits>();

/** Runs a handler so that clients used inside it keep to the call's deadline and end with it. */
export function within<Result>(limits: CallLimits, work: () => Promise<Result>): Promise<Result> {
  return current.run(limits, work);
}

/** Limits of the call being handled right now, if any. */
export function currentLimits(): CallLimits | undefined {
  return current.getStore();
}

/** Reads the deadline and turns cancellation into a signal. */
export function limitsOf(call: GrpcCall): CallLimits {
  const gone = new AbortController();
  call.once("cancelled", () => gone.abort(new Error("the caller cancelled the call or its deadline passed")));
  const deadline = call.getDeadline();
  return { signal: gone.signal, deadline: deadline instanceof Date ? deadline.getTime() : deadline };
}
