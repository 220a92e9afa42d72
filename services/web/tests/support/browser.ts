/** What a person's browser does while signing in: cookies, redirects, forms. No scripts. */
export interface Seen {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Browser = ReturnType<typeof browser>;

const MOST_REDIRECTS = 10;

export function browser() {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = ({ host }: URL) => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };

  function keep(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/max-age=0|expires=thu, 01[- ]jan[- ]1970/i.test(line)) jarOf(url).delete(pair.slice(0, at));
      else jarOf(url).set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  /** One request, without following where it leads. */
  async function step(address: string | URL, visit: Visit = {}): Promise<Seen> {
    const url = new URL(address);
    const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method: visit.method ?? "GET",
      redirect: "manual",
      headers: { accept: "text/html", ...(cookie === "" ? {} : { cookie }), ...visit.headers },
      ...(visit.body === undefined ? {} : { body: visit.body }),
    });
    keep(url, response.headers);
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Follows redirects until there is a page, or until one would lead to `stopAt`. */
  async function go(address: string | URL, visit: Visit = {}, stopAt?: string): Promise<Seen> {
    let seen = await step(address, visit);
    for (let redirects = 0; redirects < MOST_REDIRECTS; redirects += 1) {
      const location = seen.headers.get("location");
      if (location === null) return seen;
      const next = new URL(location, seen.url);
      if (stopAt !== undefined && next.href.startsWith(stopAt)) return { ...seen, url: next };
      seen = await step(next);
    }
    throw new Error(`too many redirects at ${seen.url}`);
  }

  /** Fills in the first form of a page. */
  function submit(page: Seen, fields: Readonly<Record<string, string>>, stopAt?: string): Promise<Seen> {
    const action = /<form[^>]*\baction="([^"]+)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&");
    if (action === undefined) throw new Error(`no form at ${page.url}: ${page.text.slice(0, 500)}`);
    const hidden = [...page.text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? "",
      /value="([^"]*)"/.exec(input)?.[1] ?? "",
    ]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return go(new URL(action, page.url), { method: "POST", headers, body }, stopAt);
  }

  return {
    step,
    go,
    submit,
    cookie: (address: string, name: string) => jarOf(new URL(address)).get(name),
    plant: (address: string, name: string, value: string) => void jarOf(new URL(address)).set(name, value),
  };
}
