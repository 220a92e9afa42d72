import type { RequestHandler } from "express";
import helmet from "helmet";

/** Nothing but our own files runs or is shown; signing out is a form that ends at Keycloak. */
export function securityHeaders({
  publicUrl,
  keycloakUrl,
}: {
  publicUrl: string;
  keycloakUrl: string;
}): RequestHandler {
  const secure = publicUrl.startsWith("https:");
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        // Browsers apply form-action to the redirect after a form too.
        "form-action": ["'self'", new URL(keycloakUrl).origin],
        ...(secure ? { "upgrade-insecure-requests": [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
}
