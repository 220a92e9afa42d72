import type { IncomingMessage } from "node:http";

/** All cookies of a request; of two with one name the first counts, as in express-session. */
export function cookiesOf({ headers }: Pick<IncomingMessage, "headers">): Readonly<Record<string, string>> {
  const pairs = (headers.cookie ?? "").split(";").map((part) => part.trim());
  const cookies = pairs.flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 1 ? [] : [[pair.slice(0, at), decoded(pair.slice(at + 1))] as const];
  });
  return Object.fromEntries(cookies.reverse());
}

export function cookieOf(request: Pick<IncomingMessage, "headers">, name: string): string | undefined {
  return cookiesOf(request)[name];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
