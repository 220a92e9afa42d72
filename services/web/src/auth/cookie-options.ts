import type { CookieOptions } from "express";

const isSecure = (publicUrl: string) => publicUrl.startsWith("https:");

/** `__Host-` ties a cookie to exactly our origin; browsers take it only with Secure, so plain http has a plain name. */
export function cookieName(name: string, publicUrl: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

export function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure(publicUrl) } as const satisfies CookieOptions;
}
