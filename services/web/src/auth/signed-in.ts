export type ConsoleRole = "owner" | "admin";

/** A person whose Keycloak token was verified for this very request. */
export interface SignedIn {
  /** Keycloak's `sub`. */
  readonly ownerId: string;
  readonly username: string;
  readonly roles: readonly ConsoleRole[];
  /** Passed on to the services, which verify it themselves. */
  readonly accessToken: string;
}
