import type { Stack } from "@botfactory/cli/stack";

type Keycloak = Pick<Stack["neighbours"]["keycloak"], "clientId" | "tokenEndpoint">;

/** What the JSON API answered. */
export interface ApiAnswer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
}

export type Owner = Awaited<ReturnType<People["owner"]>>;
export type People = ReturnType<typeof people>;

/** The people of the demo realm, as callers of the JSON API with a token of their own. */
export function people(web: string, keycloak: Keycloak) {
  async function token(username: string, password = `demo-${username}`): Promise<string> {
    const form = new URLSearchParams({ grant_type: "password", client_id: keycloak.clientId, username, password });
    const response = await fetch(keycloak.tokenEndpoint, { method: "POST", body: form });
    const answer = await response.json();
    if (!response.ok) throw new Error(`Keycloak refused ${username}: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }

  async function call<T>(accessToken: string | undefined, [method, path, body]: Request): Promise<ApiAnswer<T>> {
    const response = await fetch(`${web}${path.startsWith("/api") ? "" : "/api/v1"}${path}`, {
      method,
      headers: {
        "accept-language": "en",
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text), text };
  }

  return {
    token,
    anonymous: <T>(...request: Request) => call<T>(undefined, request),
    async owner(username: string) {
      const accessToken = await token(username);
      const { sub: ownerId } = JSON.parse(atob(accessToken.split(".")[1] ?? "")) as { sub: string };
      return { username, ownerId, accessToken, call: <T>(...request: Request) => call<T>(accessToken, request) };
    },
  };
}

type Request = readonly [method: string, path: string, body?: unknown];
