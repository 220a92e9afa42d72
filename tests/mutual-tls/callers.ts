import { credentials } from "@grpc/grpc-js";
import { serviceIdentity } from "../../packages/rpc/src/index.ts";
import {
  type CertificateAuthority,
  certificateAuthority,
  type Issued,
  serviceCertificate,
} from "../../packages/rpc/tests/support/certificates.ts";
import type { localKeycloak } from "../../packages/rpc/tests/support/local-keycloak.ts";

export const SERVICES = ["ingress", "bots", "ai", "conversation", "web"] as const;

/** How a caller connects, and whom its certificate names for the server, if it gets that far. */
export interface Certificate {
  readonly name: string;
  readonly names: "a service" | "nobody" | "refused";
  readonly channel: ReturnType<typeof credentials.createSsl>;
}

/** Every kind of certificate, the five services' first. */
export function certificates(authority: CertificateAuthority): readonly Certificate[] {
  const web = "spiffe://test/botfactory/web";
  const of = (name: string, names: Certificate["names"], issued?: Issued): Certificate => {
    const [key, cert] = [issued?.key, issued?.cert].map((pem) => (pem === undefined ? null : Buffer.from(pem)));
    return { name, names, channel: credentials.createSsl(Buffer.from(authority.pem), key, cert) };
  };
  const naming = (...uris: string[]) => serviceCertificate(authority, "web", { uris });
  return [
    ...SERVICES.map((service) => of(service, "a service", serviceCertificate(authority, service))),
    of("none", "refused"),
    of("expired", "refused", serviceCertificate(authority, "web", { holdsMs: -1_000 })),
    of("of another authority", "refused", serviceCertificate(certificateAuthority("a stranger"), "web")),
    of("for being called only", "refused", serviceCertificate(authority, "web", { uses: ["serverAuth"] })),
    of("without a name", "nobody", naming()),
    of("of two services", "nobody", naming(web, "spiffe://test/botfactory/conversation")),
    of("with a name in a name", "nobody", authority.issue({ hosts: [`a, URI:${web}, b`] })),
    of("of another installation", "nobody", naming("spiffe://elsewhere/botfactory/web")),
  ];
}

/** What a caller says who it is. */
export interface Token {
  readonly name: string;
  readonly is: "a service" | "a person" | "nothing";
  readonly roles: readonly string[];
  readonly token: string | undefined;
}

/** Every kind of token, the five services' first. */
export async function tokens(
  key: string,
  keycloak: Awaited<ReturnType<typeof localKeycloak>>,
): Promise<readonly Token[]> {
  const ofService = async (name: string): Promise<Token> => {
    return { name, is: "a service", roles: [], token: await serviceIdentity({ name, key })() };
  };
  const ofPerson = async (name: string, ...roles: string[]): Promise<Token> => {
    return { name, is: "a person", roles, token: await keycloak.token({ realm_access: { roles } }) };
  };
  const forged = await serviceIdentity({ name: "conversation", key: "x".repeat(key.length) })();
  return Promise.all([
    ...SERVICES.map(ofService),
    ofPerson("an owner", "owner"),
    ofPerson("an admin", "admin"),
    ofPerson("a person without a role"),
    { name: "no token", is: "nothing", roles: [], token: undefined },
    { name: "a token of another key", is: "nothing", roles: [], token: forged },
  ]);
}
