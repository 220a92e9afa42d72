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

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

let csrfToken: Promise<string> | undefined;

/** Calls the console's own API with the session's cookie; refusals come as `ApiProblem`, no answer as any other error. */
export async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send({ method, path, body });
  if (response.ok) return response.json();
  if (response.status === 401) return signIn();
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
  // The next person at this browser must not find this one's drafts.
  sessionStorage.clear();
  form.submit();
}

async function send(call: Call): Promise<Response> {
  const response = await sendOnce(call);
  if (call.method === "GET" || response.status !== 403) return response;
  // The token belonged to a session that is over, e.g. because the person signed in anew in another tab.
  csrfToken = undefined;
  const { code }: Problem = await response.clone().json();
  return code === "csrf_invalid" ? sendOnce(call) : response;
}

async function sendOnce({ method, path, body }: Call): Promise<Response> {
  return fetch(`/api/v1${path}`, {
    method,
    headers: {
      accept: "application/json",
      "accept-language": currentLanguage(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-csrf-token": await csrf() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function csrf(): Promise<string> {
  csrfToken ??= api<{ token: string }>("GET", "/csrf-token").then(
    ({ token }) => token,
    (error: unknown) => {
      csrfToken = undefined;
      throw error;
    },
  );
  return csrfToken;
}

/** Leaves for the sign-in page, which leads back here; never settles, so that no error flashes up meanwhile. */
function signIn(): Promise<never> {
  const here = `${window.location.pathname}${window.location.search}`;
  window.location.assign(`/login?returnTo=${encodeURIComponent(here)}`);
  return new Promise(() => {});
}
