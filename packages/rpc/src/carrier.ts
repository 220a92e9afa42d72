import { DomainError } from "@botfactory/decider";
import type { Caller } from "./caller.ts";

// The console signs owners in; nobody else calls in their name.
const CARRIES_OWNERS = "web";

/**
 * Compares what the token says with the service that the connection's certificate names: another service's token is
 * `unauthenticated`, an owner's over anything but the console's connection `forbidden`.
 */
export function checkCarrier(caller: Caller, carrier: string): void {
  if (caller.kind === "service" && caller.name !== carrier) throw new DomainError("unauthenticated", "unauthenticated");
  if (caller.kind === "owner" && carrier !== CARRIES_OWNERS) throw new DomainError("forbidden", "forbidden");
}
