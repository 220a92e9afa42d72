import type { DomainError, DomainErrorParams } from "@botfactory/decider";
import { ErrorInfoSchema, StatusSchema } from "@botfactory/proto/rpc/v1/status";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";

/** What an error tells beyond its status. */
export interface ErrorDetails {
  readonly code: string;
  readonly params: DomainErrorParams;
}

const HEADER = "grpc-status-details-bin";
const DOMAIN = "botfactory";
const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";
// HTTP/2 peers refuse header blocks over about 8 KiB, and the answer would be lost with them.
const LONGEST_PARAM = 256;
const MOST_PARAMS = 8;

/** The trailer that carries an error's code and params; long params are cut, so that the trailer fits its frame. */
export function detailsTrailer(status: number, { code, params }: DomainError): Metadata {
  const info = create(ErrorInfoSchema, { reason: code, domain: DOMAIN, metadata: shortened(params) });
  const details = [create(AnySchema, { typeUrl: ERROR_INFO, value: toBinary(ErrorInfoSchema, info) })];
  const trailer = new Metadata();
  trailer.set(
    HEADER,
    Buffer.from(toBinary(StatusSchema, create(StatusSchema, { code: status, message: code, details }))),
  );
  return trailer;
}

/** Reads `detailsTrailer` back; nothing when the peer sent none or something foreign. */
export function readDetails(trailer: Metadata | undefined): ErrorDetails | undefined {
  const [bytes] = trailer?.get(HEADER) ?? [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  try {
    const { details } = fromBinary(StatusSchema, bytes);
    const found = details.find(({ typeUrl }) => typeUrl === ERROR_INFO);
    if (found === undefined) return undefined;
    const { domain, reason, metadata } = fromBinary(ErrorInfoSchema, found.value);
    return domain === DOMAIN ? { code: reason, params: metadata } : undefined;
  } catch {
    // A proxy's or another product's details: the status alone must do.
    return undefined;
  }
}

function shortened(params: DomainErrorParams): Record<string, string> {
  const entries = Object.entries(params).slice(0, MOST_PARAMS);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.slice(0, LONGEST_PARAM)]));
}
