import { DomainError } from "@botfactory/decider";
import type { DescService } from "@bufbuild/protobuf";
import type { Caller } from "./caller.ts";

/**
 * Who may call a method: `"owner"` (role owner or admin), `"admin"`, the names of services, or a mixture.
 */
export type AccessRule =
  | "owner"
  | "admin"
  | readonly string[]
  | { readonly owner?: boolean; readonly admin?: boolean; readonly services?: readonly string[] };

/** A rule for every method: a new method without one does not compile. */
export type Access<Service extends DescService> = { readonly [Name in keyof Service["method"]]: AccessRule };

/** Throws `forbidden` unless the rule names the caller. */
export function checkAccess(rule: AccessRule, caller: Caller): void {
  if (!mayCall(rule, caller)) throw new DomainError("forbidden", "forbidden");
}

function mayCall(rule: AccessRule, caller: Caller): boolean {
  const { owner = false, admin = false, services = [] } = normalized(rule);
  if (caller.kind === "service") return services.includes(caller.name);
  if (caller.roles.includes("admin")) return owner || admin;
  return owner && caller.roles.includes("owner");
}

function normalized(rule: AccessRule): Exclude<AccessRule, string | readonly string[]> {
  if (rule === "owner") return { owner: true };
  if (rule === "admin") return { admin: true };
  return isServices(rule) ? { services: rule } : rule;
}

function isServices(rule: AccessRule): rule is readonly string[] {
  return Array.isArray(rule);
}
