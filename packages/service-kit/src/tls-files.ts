import type { z } from "zod";

/** The part of a service's configuration that says where its certificates are. */
export interface TlsConfig {
  readonly TLS_CERT_FILE?: string | undefined;
  readonly TLS_KEY_FILE?: string | undefined;
  readonly TLS_CA_FILE?: string | undefined;
}

/** The variables of a service's certificates, to be picked from `environment`. */
export const TLS_FILES = { TLS_CERT_FILE: true, TLS_KEY_FILE: true, TLS_CA_FILE: true } as const;

const NAMES = Object.keys(TLS_FILES) as readonly (keyof typeof TLS_FILES)[];

/** To be added to a service's schema by `superRefine(...)`: a part of the files would look safe and be plain. */
export const demandWholeTls = [
  (config: TlsConfig, context: z.core.$RefinementCtx): void => {
    const missing = NAMES.filter((name) => config[name] === undefined);
    if (missing.length === NAMES.length) return;
    for (const name of missing) {
      context.addIssue({ code: "custom", path: [name], message: "is needed too: all three TLS files, or none" });
    }
  },
  // So that it stands beside whatever else is wrong.
  { when: () => true },
] as const;

/** Where a service's certificates are; nothing where its connections are plain. */
export function tlsFiles({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CA_FILE: ca }: TlsConfig) {
  return cert === undefined || key === undefined || ca === undefined ? undefined : { cert, key, ca };
}
