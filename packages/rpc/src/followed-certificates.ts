import type { experimental } from "@grpc/grpc-js";
import type { RpcLogger } from "./answer.ts";
import { type Certificates, readCertificates, type TlsFiles } from "./certificate-files.ts";

/** Whose certificates are followed, and how. */
export interface FollowOptions {
  readonly service: string;
  readonly files: TlsFiles;
  readonly logger: RpcLogger;
  /** Time between two looks at the files, ms; default 30 s. */
  readonly lookEveryMs?: number;
}

/** Certificates as they are now, for grpc-js to take with each new connection. */
export interface FollowedCertificates {
  readonly provider: experimental.CertificateProvider;
  current(): Certificates;
  close(): void;
}

/**
 * Follows a service's certificates on disk; rejects when those there at first cannot be used. Later the old ones go on
 * until the new ones can. (grpc-js' own watcher reads each file by itself and takes no connection while a key and a
 * certificate do not fit, as they may not in the moment of a renewal.)
 */
export async function followCertificates(options: FollowOptions): Promise<FollowedCertificates> {
  const { service, files, logger, lookEveryMs = 30_000 } = options;
  let current = await readCertificates(files, service);
  const listeners = listenersFor(() => current);

  async function look(): Promise<void> {
    try {
      const found = await readCertificates(files, service);
      if (isSame(found, current)) return;
      current = found;
      listeners.tell();
      logger.debug({ files }, "new certificates are used");
    } catch (error) {
      logger.error({ err: error }, "new certificates cannot be used, the old ones go on");
    }
  }

  let isClosed = false;
  let next: NodeJS.Timeout;
  const lookLater = () => {
    if (isClosed) return;
    next = setTimeout(() => void look().then(lookLater), lookEveryMs).unref();
  };
  lookLater();
  return {
    provider: listeners.provider,
    current: () => current,
    close() {
      isClosed = true;
      clearTimeout(next);
    },
  };
}

function listenersFor(current: () => Certificates) {
  const cas = new Set<experimental.CaCertificateUpdateListener>();
  const identities = new Set<experimental.IdentityCertificateUpdateListener>();
  const tellCa = (listener: experimental.CaCertificateUpdateListener) => listener({ caCertificate: current().ca });
  const tellIdentity = (listener: experimental.IdentityCertificateUpdateListener) =>
    listener({ certificate: current().cert, privateKey: current().key });
  const provider: experimental.CertificateProvider = {
    // Told later, since a server asks its credentials only after it has added them as a listener.
    addCaCertificateListener(listener) {
      cas.add(listener);
      process.nextTick(tellCa, listener);
    },
    addIdentityCertificateListener(listener) {
      identities.add(listener);
      process.nextTick(tellIdentity, listener);
    },
    removeCaCertificateListener: (listener) => void cas.delete(listener),
    removeIdentityCertificateListener: (listener) => void identities.delete(listener),
  };
  return {
    provider,
    tell() {
      identities.forEach(tellIdentity);
      cas.forEach(tellCa);
    },
  };
}

function isSame(one: Certificates, other: Certificates): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key) && one.ca.equals(other.ca);
}
