import { DomainError, type DomainErrorKind } from "@botfactory/decider";
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { detailsTrailer, readDetails } from "./status-details.ts";

/** The one table between refusals and gRPC statuses; read in both directions. */
export const STATUS_OF_KIND: Readonly<Record<DomainErrorKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  "not-found": status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  exhausted: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
};

// Statuses grpc-js itself produces, and what they mean when nobody sent a code along.
const OF_TRANSPORT = new Map<status, readonly [DomainErrorKind, string]>([
  [status.UNAVAILABLE, ["unavailable", "unavailable"]],
  [status.DEADLINE_EXCEEDED, ["unavailable", "unavailable"]],
  // Not by our own signal, so the server stopped in the middle.
  [status.CANCELLED, ["unavailable", "unavailable"]],
  // A process of the version before, which has no such method yet: its successor has.
  [status.UNIMPLEMENTED, ["unavailable", "unavailable"]],
  [status.UNAUTHENTICATED, ["unauthenticated", "unauthenticated"]],
  [status.PERMISSION_DENIED, ["forbidden", "forbidden"]],
  [status.RESOURCE_EXHAUSTED, ["exhausted", "body_too_large"]],
  [status.INVALID_ARGUMENT, ["invalid", "body_invalid"]],
  [status.NOT_FOUND, ["not-found", "not_found"]],
]);

const KIND_OF_STATUS = new Map(kinds().map((kind) => [STATUS_OF_KIND[kind], kind]));

/** What the peer gets for an error: a refusal with code and params, or a bare "internal error". */
export function toStatus(error: unknown): StatusObject {
  if (error instanceof DomainError) return refusal(error);
  // Unknown errors may carry tokens or connection strings: the server logs them and never sends them.
  return { code: status.INTERNAL, details: "internal error", metadata: new Metadata() };
}

/**
 * What a failed call throws at its caller: a `DomainError` with the peer's kind, code and params, `unavailable` when the
 * peer could not be reached in time, or a plain `Error` for a crash there. The original is the `cause`.
 */
export function fromServiceError(error: ServiceError): Error {
  const details = readDetails(error.metadata);
  const kind = KIND_OF_STATUS.get(error.code);
  if (details !== undefined && kind !== undefined) {
    return new DomainError(kind, details.code, { params: details.params, cause: error });
  }
  const known = OF_TRANSPORT.get(error.code);
  if (known === undefined) return new Error(`the called service failed: ${status[error.code]}`, { cause: error });
  return new DomainError(...known, { cause: error });
}

function refusal(error: DomainError): StatusObject {
  const code = STATUS_OF_KIND[error.kind];
  const metadata = detailsTrailer(code, error);
  // A refusal is an answer: only a peer that could not be reached at all is worth the client's automatic retry.
  if (code === status.UNAVAILABLE) metadata.set("grpc-retry-pushback-ms", "-1");
  return { code, details: error.code, metadata };
}

function kinds(): DomainErrorKind[] {
  return Object.keys(STATUS_OF_KIND) as DomainErrorKind[];
}
