import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import forge from "node-forge";
import type { TlsFiles } from "../../src/index.ts";

const { pki } = forge;
const HOUR_MS = 3_600_000;

/** A certificate and its key, as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says of its holder. */
export interface Wish {
  readonly uris?: readonly string[];
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  /** For being called, for calling, or both, which is the default. */
  readonly uses?: readonly ("serverAuth" | "clientAuth")[];
  /** How long it still holds, ms; default an hour. */
  readonly holdsMs?: number;
}

export type CertificateAuthority = ReturnType<typeof certificateAuthority>;

/** An authority as cert-manager's or a company's own is one. */
export function certificateAuthority(name = "an authority") {
  const keys = newKeys();
  const subject = [{ name: "commonName", value: name }];
  const own = newCertificate(keys.publicKey, HOUR_MS);
  own.setSubject(subject);
  own.setIssuer(subject);
  own.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
  ]);
  own.sign(keys.privateKey, forge.md.sha256.create());

  return {
    pem: pki.certificateToPem(own),
    issue({ uris = [], hosts = [], addresses = [], uses = ["serverAuth", "clientAuth"], ...more }: Wish): Issued {
      const { publicKey, privateKey } = newKeys();
      const certificate = newCertificate(publicKey, more.holdsMs ?? HOUR_MS);
      certificate.setIssuer(subject);
      certificate.setExtensions([
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", ...Object.fromEntries(uses.map((use) => [use, true])) },
        {
          name: "subjectAltName",
          altNames: [
            ...uris.map((value) => ({ type: 6, value })),
            ...hosts.map((value) => ({ type: 2, value })),
            ...addresses.map((ip) => ({ type: 7, ip })),
          ],
        },
      ]);
      certificate.sign(keys.privateKey, forge.md.sha256.create());
      return { cert: pki.certificateToPem(certificate), key: pki.privateKeyToPem(privateKey) };
    },
  };
}

/** The certificate of a service of this machine. */
export function serviceCertificate(authority: CertificateAuthority, service: string, more: Wish = {}): Issued {
  const uris = [`spiffe://test/botfactory/${service}`];
  return authority.issue({ uris, hosts: ["localhost"], addresses: ["127.0.0.1"], ...more });
}

/** Puts what a service reads into a folder; each file is replaced whole, as Kubernetes does it. */
export async function writeTlsFiles(directory: string, { cert, key }: Issued, ca: string): Promise<TlsFiles> {
  await mkdir(directory, { recursive: true });
  const files = { cert: join(directory, "tls.crt"), key: join(directory, "tls.key"), ca: join(directory, "ca.crt") };
  await Promise.all([replace(files.cert, cert), replace(files.key, key), replace(files.ca, ca)]);
  return files;
}

async function replace(file: string, content: string): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(fresh, content);
  await rename(fresh, file);
}

function newKeys() {
  // Node makes keys a hundred times faster.
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const key = pki.privateKeyFromPem(privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  return { privateKey: key, publicKey: pki.rsa.setPublicKey(key.n, key.e) };
}

function newCertificate(publicKey: forge.pki.rsa.PublicKey, holdsMs: number): forge.pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `00${randomBytes(8).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - 2 * HOUR_MS);
  certificate.validity.notAfter = new Date(Date.now() + holdsMs);
  return certificate;
}
