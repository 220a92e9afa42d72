/** What a sign-in under way must still know when Keycloak sends the person back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: string;
  readonly startedAtUnixMs: number;
}

// One per tab; more than this in one browser is nobody.
const MOST = 5;
const LIFETIME_MS = 15 * 60_000;

export function withPending(all: readonly PendingSignIn[], added: PendingSignIn): readonly PendingSignIn[] {
  return [...stillGood(all, added.startedAtUnixMs), added].slice(-MOST);
}

/** The sign-in a callback belongs to, and the others: a state works once, whatever comes of it. */
export function takePending(all: readonly PendingSignIn[], state: unknown, nowUnixMs: number) {
  const good = stillGood(all, nowUnixMs);
  return {
    taken: good.find((pending) => pending.state === state),
    left: good.filter((pending) => pending.state !== state),
  };
}

function stillGood(all: readonly PendingSignIn[], nowUnixMs: number): readonly PendingSignIn[] {
  return all.filter(({ startedAtUnixMs }) => nowUnixMs - startedAtUnixMs < LIFETIME_MS);
}
