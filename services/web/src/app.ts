import { DomainError } from "@botfactory/decider";
import { type Logger, type Readiness, servingHealth } from "@botfactory/service-kit";
import express, { type Express } from "express";
import { answerProblem } from "./answer-problem.ts";
import { apiRoutes } from "./api-routes.ts";
import type { Auth } from "./auth/auth.ts";
import { canonicalHost } from "./canonical-host.ts";
import type { WebConfig } from "./config.ts";
import { handlers } from "./handlers/handlers.ts";
import { logRequests } from "./log-requests.ts";
import { clientFiles, pages } from "./pages.ts";
import { plainForms } from "./plain-forms.ts";
import { securityHeaders } from "./security-headers.ts";
import type { Services } from "./services.ts";
import { hideQueryFromSpan } from "./trace-requests.ts";

export interface AppOptions {
  readonly config: WebConfig;
  readonly auth: Auth;
  readonly services: Services;
  readonly logger: Logger;
  readonly readiness: Readiness;
}

/** The console's HTTP side, in the order requests meet it. */
export function app({ config, auth, services, logger, readiness }: AppOptions): Express {
  const { publicUrl, clientDirectory } = config;
  const actions = { auth, handlers: handlers(services), publicUrl };
  const web = express();
  web.disable("x-powered-by");
  // Queries are plain texts: no `a[b]=c` may become an object.
  web.set("query parser", "simple");
  web.use(hideQueryFromSpan);
  web.use(securityHeaders({ publicUrl, keycloakUrl: config.keycloak.url }));
  // By whatever name a load balancer asks, and without a line for each time.
  web.get("/healthz", servingHealth(readiness));
  web.use(logRequests(logger));
  web.use(auth.backChannel);
  web.use(canonicalHost(publicUrl));
  web.use(clientFiles(clientDirectory));
  web.use(auth.session);
  web.use("/api/v1", apiRoutes(actions));
  web.use(auth.routes);
  web.use(plainForms(actions));
  web.use(pages(clientDirectory, auth));
  web.use(() => {
    throw new DomainError("not-found", "not_found");
  });
  web.use(answerProblem(logger));
  return web;
}
