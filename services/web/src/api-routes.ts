import { DomainError } from "@botfactory/decider";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Access, Operation } from "./api/operation.ts";
import { operations } from "./api/operations.ts";
import type { Auth } from "./auth/auth.ts";
import type { SignedIn } from "./auth/signed-in.ts";
import type { ApiCall, Handlers } from "./handlers/handler.ts";
import { parseFields, parsePath } from "./invalid-request.ts";
import { readJson } from "./json-body.ts";
import { languageOf } from "./language.ts";
import { openApiDocument } from "./openapi.ts";
import { nameSpan } from "./trace-requests.ts";

export interface ApiOptions {
  readonly auth: Pick<Auth, "identify" | "csrf">;
  readonly handlers: Handlers;
  readonly publicUrl: string;
}

/** Everything below /api/v1, made from the route table. */
export function apiRoutes(options: ApiOptions): RequestHandler {
  const document = openApiDocument(options.publicUrl);
  const router = Router();
  router.get("/openapi.json", (_request, response) => {
    response.json(document);
  });
  router.use((_request, response, next) => {
    response.set("cache-control", "no-store");
    next();
  });
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    router[operation.method](
      expressPath(operation),
      nameSpan(operation.method, `/api/v1${operation.path}`),
      answer(id, operation, options),
    );
  }
  for (const [path, methods] of methodsByPath()) {
    router.all(path, (_request, response) => {
      response.set("allow", [...methods].join(", "));
      throw new DomainError("invalid", "method_not_allowed");
    });
  }
  router.use(() => {
    throw new DomainError("not-found", "not_found");
  });
  return router;
}

function expressPath({ path }: Operation): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}

/** What each path can do; express answers HEAD where there is a GET. */
function methodsByPath(): ReadonlyMap<string, ReadonlySet<string>> {
  const methods = new Map<string, Set<string>>();
  for (const operation of Object.values<Operation>(operations)) {
    const known = methods.get(expressPath(operation)) ?? new Set();
    known.add(operation.method.toUpperCase());
    if (operation.method === "get") known.add("HEAD");
    methods.set(expressPath(operation), known);
  }
  return methods;
}

function answer(id: string, operation: Operation, options: ApiOptions): RequestHandler {
  // Table and handlers have the same keys, and each handler its row's types; a loop over all rows loses that.
  const handle = options.handlers[id as keyof Handlers] as (input: unknown, call: ApiCall) => Promise<unknown>;
  return async (request, response) => {
    const owner = await authorize(request, operation.access, options.auth);
    options.auth.csrf.check(request);
    const language = languageOf(request);
    const input = {
      params: operation.params && parsePath(operation.params, request.params),
      query: operation.query && parseFields(operation.query, request.query, language),
      body: operation.body && parseFields(operation.body, await readJson(request, response), language),
    };
    const call = {
      owner,
      language,
      signal: goneSignal(response),
      csrfToken: () => options.auth.csrf.token(request, response),
    };
    const answered = await handle(input, call);
    response.status(operation.status).json(operation.answer.parse(answered));
  };
}

export async function authorize(
  request: Request,
  access: Access,
  { identify }: Pick<Auth, "identify">,
): Promise<SignedIn> {
  const owner = await identify(request);
  if (owner === undefined) throw new DomainError("unauthenticated", "unauthenticated");
  const allowed = owner.roles.includes("admin") || (access === "owner" && owner.roles.includes("owner"));
  if (!allowed) throw new DomainError("forbidden", "forbidden");
  return owner;
}

export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new DomainError("unavailable", "unavailable"));
  });
  return gone.signal;
}
