import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Finding, failed, passed, skipped } from "./finding.ts";
import { post } from "./http.ts";

const WHAT = "Keycloak clients";
const REMEDY =
  "delete the client botfactory-cli and give botfactory-web a new secret, or bring deploy/keycloak/botfactory-realm.json (docs/operations/kubernetes.md): this is the demo realm, which everybody knows";

/** What everybody can know of a realm that was the demo realm (docker/keycloak), and would be let in by. */
const DEMO = [
  {
    found: "botfactory-cli takes people's passwords",
    // Nobody's name, so that nobody is locked out for wrong passwords.
    form: () => ({ grant_type: "password", client_id: "botfactory-cli", username: randomUUID(), password: "doctor" }),
  },
  {
    found: "botfactory-web has the demo's secret",
    form: () => ({
      grant_type: "authorization_code",
      client_id: "botfactory-web",
      client_secret: "demo-secret-of-botfactory-web",
      code: randomUUID(),
      redirect_uri: "http://localhost/callback",
    }),
  },
] as const;

const refusal = z.object({ error: z.string() });
/** Keycloak's words for a client that is not let in. */
const NOT_LET_IN = ["invalid_client", "unauthorized_client", "unsupported_grant_type"];

/** Whether anybody may come as one of the demo realm's clients, by questions that cannot succeed. */
export async function checkClients(issuer: string, now: () => number): Promise<Finding> {
  const open: string[] = [];
  const unknown: number[] = [];
  for (const { found, form } of DEMO) {
    const { status, body } = await post(`${issuer}/protocol/openid-connect/token`, form(), now);
    const error = refusal.safeParse(body).data?.error;
    // The client was let in, and only then its person or code refused.
    if (error === "invalid_grant") open.push(found);
    else if (!NOT_LET_IN.includes(error ?? "")) unknown.push(status);
  }
  if (open.length === 0 && unknown.length > 0)
    return skipped(WHAT, `nobody can say: Keycloak answers ${unknown.join(", ")}`);
  return judgeClients(open, issuer);
}

/** Judges what is known of the demo realm's clients by where the realm is. */
export function judgeClients(open: readonly string[], issuer: string): Finding {
  if (open.length === 0) return passed(WHAT, "none takes people's passwords or has the demo's secret");
  const found = open.join(", ");
  if (isOfOneMachine(issuer)) return skipped(WHAT, `${found}: the demo realm, which is for one machine only`);
  return failed(WHAT, found, REMEDY);
}

/** Browsers open this address too: a loopback address leads each of them to its own machine. */
function isOfOneMachine(issuer: string): boolean {
  return /^(127(\.\d+){3}|\[::1\]|(.*\.)?localhost)$/.test(new URL(issuer).hostname);
}
