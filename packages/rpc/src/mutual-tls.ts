import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { DomainError } from "@botfactory/decider";
import { type ChannelCredentials, experimental, type ServerCredentials } from "@grpc/grpc-js";
import type { TlsFiles } from "./certificate-files.ts";
import { certifiedService } from "./certified-service.ts";
import { type FollowOptions, followCertificates } from "./followed-certificates.ts";

/** A service's own end of connections on which both sides show certificates. */
export interface MutualTls {
  readonly server: ServerCredentials;
  readonly channel: ChannelCredentials;
  /** The service a caller's certificate names; throws `unauthenticated` when it names none of this installation or has ended. */
  carrierOf(certificate: PeerCertificate | undefined): string;
  /** Looks for no renewed certificates any more. */
  close(): void;
}

/** For whom; without `files` connections are plain. */
export interface MutualTlsOptions extends Omit<FollowOptions, "files"> {
  readonly files: TlsFiles | undefined;
}

/**
 * Makes a service show its certificate, demand its peers', and take renewed ones from the same files without a restart:
 * each new connection is made with the newest. Rejects when the files cannot be used or name another service.
 */
export async function mutualTls({ files, ...options }: MutualTlsOptions): Promise<MutualTls | undefined> {
  if (files === undefined) return undefined;
  const { provider, current, close } = await followCertificates({ files, ...options });
  const nameOf = (certificate: PeerCertificate | undefined) => {
    const named = certifiedService(certificate?.subjectaltname);
    return named?.trustDomain === current().own.trustDomain ? named.name : undefined;
  };
  return {
    server: experimental.createCertificateProviderServerCredentials(provider, provider, true),
    channel: experimental.createCertificateProviderChannelCredentials(provider, provider, {
      checkServerIdentity: (host, certificate) =>
        checkServerIdentity(host, certificate) ??
        (nameOf(certificate) === undefined ? new Error(`${host} is no service of this installation`) : undefined),
    }),
    carrierOf(certificate) {
      const name = nameOf(certificate);
      if (name === undefined || hasEnded(certificate)) throw new DomainError("unauthenticated", "unauthenticated");
      return name;
    },
    close,
  };
}

// TLS looks at it when a connection is made, and not at all when a client resumes an earlier session.
function hasEnded(certificate: PeerCertificate | undefined): boolean {
  return certificate === undefined || Date.parse(certificate.valid_to) <= Date.now();
}
