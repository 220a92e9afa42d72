const HOME = "/";
const OURS = "http://console.invalid";

/** The path to go to after signing in: one of ours, or home. Whatever a browser could read as another site is home. */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return HOME;
  // Browsers drop tabs and newlines and read a backslash as a slash, so `/\evil` and `/<tab>/evil` leave the site.
  if (/^\/[/\\]|[\\\p{Cc}]/u.test(wanted) || !URL.canParse(wanted, OURS)) return HOME;
  const { origin, pathname, search } = new URL(wanted, OURS);
  if (origin !== OURS || pathname.startsWith("//")) return HOME;
  // Signing in must not end at a path that signs in or out again, or at data instead of a page.
  return /^\/(login|logout|callback|k_logout|api)(\/|$)/.test(pathname) ? HOME : `${pathname}${search}`;
}
