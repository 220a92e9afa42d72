import { z } from "zod";
import { checkClients } from "./check-keycloak-clients.ts";
import { compareClocks } from "./clock.ts";
import { examine, type Finding, failed, passed } from "./finding.ts";
import { type Answer, below, get, plain } from "./http.ts";
import { reasonOf } from "./reason.ts";
import type { DoctorSettings } from "./settings.ts";

const discovery = z.object({ issuer: z.string() });
const keySet = z.object({ keys: z.array(z.object({ alg: z.string().optional(), use: z.string().optional() })) });

const SIGNING = ["RS256", "ES256"];
const NOT_REACHED = "start Keycloak, or correct KEYCLOAK_URL: the base URL before /realms, as this machine reaches it";
const NO_KEYS = "add an active RSA or EC signing key to the realm (Realm settings, Keys): no token can be checked";

/** Discovery, issuer, keys, clients and clock of the realm, by the addresses that services use. */
export async function checkKeycloak(
  { KEYCLOAK_URL: url, KEYCLOAK_REALM: realm }: Pick<DoctorSettings, "KEYCLOAK_URL" | "KEYCLOAK_REALM">,
  now: () => number,
): Promise<Finding[]> {
  if (url === undefined || realm === undefined) {
    const name = url === undefined ? "KEYCLOAK_URL" : "KEYCLOAK_REALM";
    return [failed("Keycloak", `${name} is not set`, `set ${name}, or start a stack with make up`)];
  }
  const issuer = below(url, `realms/${realm}`);
  let answer: Answer;
  try {
    answer = await get(`${issuer}/.well-known/openid-configuration`, { now });
  } catch (error) {
    return [failed("Keycloak", `${plain(url)}: ${reasonOf(error)}`, NOT_REACHED)];
  }
  const { date, atUnixMs: ours } = answer;
  // Keycloak by itself sends no Date; a proxy before it does.
  const clock = compareClocks({
    what: "clock beside Keycloak",
    theirs: Date.parse(date ?? ""),
    ours,
    precisionMs: 1_000,
  });
  const told = issuerIn(answer, realm);
  if (typeof told !== "string") return [told, clock];
  return [
    passed("Keycloak", `realm "${realm}" answers`),
    judgeIssuer(told, issuer),
    await examine({ what: "Keycloak keys", remedy: NOT_REACHED, run: () => keys(issuer, now) }),
    await examine({ what: "Keycloak clients", remedy: NOT_REACHED, run: () => checkClients(issuer, now) }),
    clock,
  ];
}

/** The issuer that the realm tells, or why it tells none. */
function issuerIn({ status, body }: Answer, realm: string): string | Finding {
  if (status === 404) {
    const remedy = "set KEYCLOAK_REALM to the realm's name as in Keycloak, letter by letter, or import the realm";
    return failed("Keycloak", `answers, but has no realm "${realm}"`, remedy);
  }
  const read = discovery.safeParse(body);
  if (status === 200 && read.success) return read.data.issuer;
  return failed("Keycloak", `answers ${status} without discovery`, NOT_REACHED);
}

function judgeIssuer(told: string, expected: string): Finding {
  if (told === expected) return passed("Keycloak issuer", told);
  const remedy = `set KEYCLOAK_URL to ${told.replace(/\/realms\/.*$/, "")} for all services, or give Keycloak the address they use as its hostname: tokens name this issuer and would all be refused`;
  return failed("Keycloak issuer", `is ${told}, and services expect ${expected}`, remedy);
}

async function keys(issuer: string, now: () => number): Promise<Finding> {
  const { body, status } = await get(`${issuer}/protocol/openid-connect/certs`, { now });
  const read = keySet.safeParse(body);
  if (!read.success) return failed("Keycloak keys", `answers ${status} without keys`, NO_KEYS);
  const signing = read.data.keys.filter(({ alg, use }) => use !== "enc" && SIGNING.includes(alg ?? ""));
  if (signing.length === 0) return failed("Keycloak keys", "no key signs by RS256 or ES256", NO_KEYS);
  return passed("Keycloak keys", `${signing.length} for signatures (${signing.map(({ alg }) => alg).join(", ")})`);
}
