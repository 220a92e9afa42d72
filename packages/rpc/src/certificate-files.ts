import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { type CertifiedService, certifiedService } from "./certified-service.ts";

/** Where a service's certificate, its key, and the certificates of its peers' authority stand, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What the files hold; they fit each other. */
export interface Certificates {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  /** Whom the certificate names. */
  readonly own: CertifiedService;
}

/** Reads a service's certificates; throws when they cannot be used, and tells which file and why. */
export async function readCertificates(files: TlsFiles, service: string): Promise<Certificates> {
  const [cert, key, ca] = await Promise.all([readFile(files.cert), readFile(files.key), readFile(files.ca)]);
  const { subjectAltName } = using(files.cert, () => new X509Certificate(cert));
  using(files.ca, () => new X509Certificate(ca));
  using(files.key, () => createSecureContext({ cert, key, ca }));
  const own = certifiedService(subjectAltName);
  if (own?.name === service) return { cert, key, ca, own };
  const expected = `spiffe://<trust domain>/botfactory/${service}`;
  throw new Error(`${files.cert}: its URI must be ${expected}, its names are: ${subjectAltName ?? "none"}`);
}

function using<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    // OpenSSL says what is wrong, never what stands in the file.
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
