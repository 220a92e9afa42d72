import type { Problem } from "../../../src/api/problem.ts";
import { currentLanguage } from "../i18n.ts";

/** The server's refusal, already in the person's language. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

let csrfToken: Promise<string> | undefined;

/** Calls the console's own API with the session's cookie; refusals come as `ApiProblem`. */
export async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      accept: "application/json",
      "accept-language": currentLanguage(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-csrf-token": await csrf() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response.json();
  if (response.status === 401) signIn();
  // A token of a session that ended is no good for the next one.
  if (response.status === 403) csrfToken = undefined;
  throw new ApiProblem(await response.json());
}

export async function signOut(): Promise<void> {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/logout";
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "_csrf";
  field.value = await csrf();
  form.append(field);
  document.body.append(form);
  form.submit();
}

function csrf(): Promise<string> {
  csrfToken ??= api<{ token: string }>("GET", "/csrf-token").then(({ token }) => token);
  return csrfToken;
}

function signIn(): void {
  const here = `${window.location.pathname}${window.location.search}`;
  window.location.assign(`/login?returnTo=${encodeURIComponent(here)}`);
}
