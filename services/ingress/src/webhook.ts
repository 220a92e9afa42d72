import { crashPoint } from "@botfactory/crash-points";
import { type WebhookRegistration, WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import type { Logger } from "@botfactory/service-kit";
import { trace } from "@opentelemetry/api";
import type { Request, Response } from "express";
import { answerBusy, answerStored, refuseUnread } from "./answer.ts";
import { readBody } from "./body.ts";
import { countUpdate, recordTaken } from "./outcomes.ts";
import { isAcceptedSecret } from "./secret.ts";
import type { Taken, UpdateLog } from "./update-log.ts";
import type { WebhookTable } from "./webhook-table.ts";

export interface WebhookDeps {
  readonly table: Pick<WebhookTable, "find" | "isReady">;
  readonly log: UpdateLog;
  readonly logger: Logger;
  readonly isLogReachable: () => boolean;
}

const ROUTE = "/telegram/webhook/{botId}";
const SECRET_HEADER = "x-telegram-bot-api-secret-token";
const JSON_TYPE = "application/json";
// Half of what NATS takes in one message; Telegram's largest updates are far smaller.
const LARGEST_BODY = 512 * 1_024;

/** `POST /telegram/webhook/:botId`: 200 means that the log has stored the update. */
export function webhook(deps: WebhookDeps) {
  return async (request: Request<{ botId: string }>, response: Response): Promise<void> => {
    trace.getActiveSpan()?.updateName(`POST ${ROUTE}`).setAttribute("http.route", ROUTE);
    if (!deps.table.isReady()) {
      countUpdate("unavailable");
      return answerBusy(response);
    }
    const registration = deps.table.find(request.params.botId);
    const refusal = refusalOf(request, registration);
    if (refusal !== undefined || registration === undefined) {
      countUpdate("refused");
      return refuseUnread(request, response, refusal ?? 404);
    }
    crashPoint("ing.afterAuth");
    try {
      if (!deps.isLogReachable()) throw new Error("no connection to the log");
      recordTaken(deps.logger, registration.botId, await receive(deps.log, registration, request));
      answerStored(response);
    } catch (error) {
      // The sender is gone: nobody is left to be answered, and Telegram will post the update again.
      if (request.errored) return;
      countUpdate("unavailable");
      deps.logger.warn(
        { err: error, botId: registration.botId },
        "an update could not be stored; Telegram will repeat it",
      );
      answerBusy(response);
    }
  };
}

function refusalOf(request: Request, registration: WebhookRegistration | undefined): 401 | 404 | 415 | undefined {
  if (registration === undefined || registration.state === WebhookState.REMOVED) return 404;
  if (!isAcceptedSecret(request.headersDistinct[SECRET_HEADER], registration.secretHashes)) return 401;
  return isJson(request) ? undefined : 415;
}

/** Telegram's own spelling first: the general rule, which wants a body too, takes longer than finding the bot. */
function isJson(request: Request): boolean {
  const { "content-type": type, "content-length": length } = request.headers;
  return (type === JSON_TYPE && length !== undefined) || Boolean(request.is(JSON_TYPE));
}

async function receive(log: UpdateLog, registration: WebhookRegistration, request: Request): Promise<Taken> {
  const { bytes, isCut } = await readBody(request, LARGEST_BODY);
  return isCut ? log.quarantine(registration, "too_large", bytes) : log.store(registration, bytes);
}
