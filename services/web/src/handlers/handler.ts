import type { ConsoleLanguage } from "@botfactory/phrases";
import type { CallOptions } from "@botfactory/rpc";
import type { Answer, Input } from "../api/operation.ts";
import type { OperationId, Operations } from "../api/operations.ts";
import type { SignedIn } from "../auth/signed-in.ts";

/** What every handler may know of the request beside its fields. */
export interface ApiCall {
  readonly owner: SignedIn;
  readonly language: ConsoleLanguage;
  /** Aborted when the browser goes away. */
  readonly signal: AbortSignal;
  csrfToken(): string;
}

export type Handler<Id extends OperationId> = (
  input: Input<Operations[Id]>,
  call: ApiCall,
) => Promise<Answer<Operations[Id]>>;

/** One handler for each row of the route table; a new row without one does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> };

/** Calls a service in the owner's name. */
export function asOwner({ owner, signal }: ApiCall, deadlineMs?: number): CallOptions {
  return { as: owner.accessToken, signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
}
