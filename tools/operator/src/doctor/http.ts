import { ANSWER_WITHIN_MS } from "./finding.ts";

/** What an HTTP server answered, with the moment at which it must have looked at its clock. */
export interface Answer {
  readonly status: number;
  /** The parsed body, or undefined where it is no JSON. */
  readonly body: unknown;
  readonly date: string | null;
  /** Half-way between question and answer, by our clock. */
  readonly atUnixMs: number;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** Asks once. */
export function get(url: string | URL, { headers = {}, now }: Asking): Promise<Answer> {
  return ask(url, { headers }, now);
}

/** Sends a form once. */
export function post(url: string | URL, form: Readonly<Record<string, string>>, now: () => number): Promise<Answer> {
  return ask(url, { method: "POST", body: new URLSearchParams(form) }, now);
}

// A redirect is not followed: it would carry keys in headers and tokens in paths to another server.
async function ask(url: string | URL, request: RequestInit, now: () => number): Promise<Answer> {
  const asked = now();
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(url, { ...request, redirect: "manual", signal });
  const atUnixMs = (asked + now()) / 2;
  const body = asJson(await response.text());
  return { status: response.status, body, date: response.headers.get("date"), atUnixMs };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The address of a path below a base, whether the base ends in a slash or not. */
export function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}

/** host:port of each address: what may be printed of one URL with several hosts or of several URLs, with passwords in them. */
export function hostsOf(addresses: string): string {
  // MongoDB's is one URL whatever follows a comma.
  const urls = /^\s*mongodb/.test(addresses) ? [addresses] : addresses.split(/,(?=\s*[a-z]+:\/\/)/);
  return urls.flatMap(hostsIn).join(", ");
}

const UNREADABLE = "an address that cannot be read";

/** Not by `URL`, which knows of one host only. A password may hold what it should not: a comma, an @, a slash. */
function hostsIn(url: string): string[] {
  const [, authority = "", rest = ""] = /^(?:[a-z+]+:\/\/)?([^/?#]*)(.*)$/s.exec(url.trim()) ?? [];
  if (rest.includes("@")) return [UNREADABLE];
  const hosts = authority.slice(authority.lastIndexOf("@") + 1).split(",");
  return hosts.map((host) => (/^[\w.:%[\]-]+$/.test(host) ? host : UNREADABLE));
}

/** An address without credentials, query and the slash at its end. */
export function plain(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`.replace(/\/+$/, "");
}
