/** A person, proved by a Keycloak access token. */
export interface OwnerCaller {
  readonly kind: "owner";
  /** Keycloak's `sub`. */
  readonly ownerId: string;
  readonly username: string;
  /** Realm roles, such as `owner` and `admin`. */
  readonly roles: readonly string[];
  /** The token itself, to be passed on by `{ as: accessToken }`. */
  readonly accessToken: string;
}

/** Another service, proved by a token signed with the installation's service key. */
export interface ServiceCaller {
  readonly kind: "service";
  readonly name: string;
}

/** Who asks. */
export type Caller = OwnerCaller | ServiceCaller;
