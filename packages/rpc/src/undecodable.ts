import { DomainError } from "@botfactory/decider";
import type { Message } from "@bufbuild/protobuf";

/** Stands where a request would whose bytes are no message: grpc-js would blame the server for them. */
export const UNDECODABLE = Symbol("undecodable");

/** The request; throws `body_invalid` where there is none. */
export function decodable(request: Message | typeof UNDECODABLE): Message {
  if (request === UNDECODABLE) throw new DomainError("invalid", "body_invalid");
  return request;
}
