/** Whom a certificate names: one service of one installation. */
export interface CertifiedService {
  readonly trustDomain: string;
  readonly name: string;
}

const SPIFFE_ID = /^URI:spiffe:\/\/([a-z0-9._-]+)\/botfactory\/([a-z]+)$/;

/**
 * Reads the one URI `spiffe://<trust domain>/botfactory/<service>` among a certificate's alternative names, as Node
 * writes them; nothing where it is missing or not the only URI.
 */
export function certifiedService(subjectAltName = ""): CertifiedService | undefined {
  // Node escapes commas within a name, so that none looks like two.
  const [uri = "", ...more] = subjectAltName.split(", ").filter((name) => name.startsWith("URI:"));
  const [, trustDomain, name] = SPIFFE_ID.exec(uri) ?? [];
  return trustDomain === undefined || name === undefined || more.length > 0 ? undefined : { trustDomain, name };
}
