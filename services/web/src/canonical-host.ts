import type { RequestHandler } from "express";

/**
 * Sends a browser that came by another name (127.0.0.1, a pod's address) to the one name cookies and sign-in work with.
 * The Host header decides only whether, never where to.
 */
export function canonicalHost(publicUrl: string): RequestHandler {
  const { host } = new URL(publicUrl);
  return (request, response, next) => {
    const isPage = request.method === "GET" && !request.path.startsWith("/api/");
    if (!isPage || request.headers.host === host) return next();
    response.redirect(307, `${publicUrl}${ownPath(request.originalUrl)}`);
  };
}

// A request line may hold a whole URL, or `//other.example`.
function ownPath(url: string): string {
  return url.startsWith("/") && !url.startsWith("//") ? url : "/";
}
