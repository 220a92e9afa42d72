import { Metadata } from "@grpc/grpc-js";
import { currentLimits } from "./call.ts";
import type { ServiceIdentity } from "./service-identity.ts";

/** What one call may be given beside its request. */
export interface CallOptions {
  /** An owner's access token: the call is made in the owner's name instead of the service's. */
  readonly as?: string;
  /** Time for the whole call, ms; default the client's. A call made while handling one never outlives that one. */
  readonly deadlineMs?: number;
  /** Cancels the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Time for a call whose client says nothing else, ms: what a person waits for a page without wondering. */
export const DEFAULT_DEADLINE_MS = 2_000;

/** The moment a call must be over, Unix ms. */
export function deadlineOf(deadlineMs: number): number {
  return Math.min(Date.now() + deadlineMs, currentLimits()?.deadline ?? Number.POSITIVE_INFINITY);
}

/** Everything that may cancel a call: its own signal, and the end of the call being handled. */
export function signalsOf({ signal }: CallOptions): readonly AbortSignal[] {
  return [signal, currentLimits()?.signal].filter((one) => one !== undefined);
}

/** Metadata with the owner's token, else the service's own, else none. */
export async function metadataFor({ as }: CallOptions, identity: ServiceIdentity | undefined): Promise<Metadata> {
  const token = as ?? (await identity?.());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** Calls `cancel` when a signal is aborted; the returned function forgets about it. */
export function whenAborted(signals: readonly AbortSignal[], cancel: () => void): () => void {
  for (const signal of signals) signal.addEventListener("abort", cancel, { once: true });
  if (signals.some(({ aborted }) => aborted)) cancel();
  return () => {
    for (const signal of signals) signal.removeEventListener("abort", cancel);
  };
}

/** The reason of the signal that cancelled a call, if one did. */
export function abortReason(signals: readonly AbortSignal[]): { readonly reason: unknown } | undefined {
  return signals.find(({ aborted }) => aborted);
}
