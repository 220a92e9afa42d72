/** What Keycloak shows at last: a page, or where it sends the browser on to. */
export interface Shown {
  readonly at: URL;
  readonly status: number;
  readonly text: string;
  /** Where the browser is sent, out of Keycloak. */
  readonly sentTo?: URL;
}

/** A browser as far as Keycloak's pages need one: keeps cookies, and follows redirects inside of Keycloak. */
export function browser() {
  const cookies = new Map<string, string>();

  async function open(url: URL, form?: Record<string, string>): Promise<Shown> {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get("location");
    if (location === null) return { at: url, status: response.status, text };
    const next = new URL(location, url);
    return next.origin === url.origin ? open(next) : { at: url, status: response.status, text, sentTo: next };
  }

  return {
    open,
    /** Fills in the page's form and sends it off. */
    send: (page: Shown, form: Record<string, string>) => open(addressIn(page, /action="([^"]+)"/), form),
    /** Goes where the page's link leads. */
    follow: (page: Shown, link: RegExp) => open(addressIn(page, link)),
  };
}

function addressIn({ at, text }: Shown, pattern: RegExp): URL {
  const [, address] = pattern.exec(text) ?? [];
  if (address === undefined) throw new Error(`the page has no ${pattern}: ${text}`);
  return new URL(address.replaceAll("&amp;", "&"), at);
}
