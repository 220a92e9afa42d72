import { DomainError } from "@botfactory/decider";
import { metrics } from "@opentelemetry/api";
import type { Request, RequestHandler, Response } from "express";

/** How a sign-in ended: `refused` by Keycloak or for want of its beginning; `unavailable`: somebody needed for it was away. */
type Outcome = "completed" | "refused" | "unavailable";

const OUTCOMES: readonly Outcome[] = ["completed", "refused", "unavailable"];

const signIns = metrics
  .getMeter("@botfactory/web")
  .createCounter("botfactory.web.sign_ins", { description: "Sign-ins, by how they ended." });
// What begins at 1 has not increased for Prometheus.
for (const outcome of OUTCOMES) signIns.add(0, { outcome });

type Step = (request: Request, response: Response) => Promise<void>;

/** The step of a sign-in, its failures counted; with `success` its success too, for the last one. */
export function counted(step: Step, success?: Outcome): RequestHandler {
  return async (request, response) => {
    try {
      await step(request, response);
    } catch (error) {
      signIns.add(1, { outcome: outcomeOf(error) });
      throw error;
    }
    if (success !== undefined) signIns.add(1, { outcome: success });
  };
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof DomainError && error.code === "sign_in_failed" ? "refused" : "unavailable";
}
