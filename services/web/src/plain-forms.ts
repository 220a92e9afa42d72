import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import { sendTestMessage } from "./api/test-bot.ts";
import { botParams } from "./api/text.ts";
import { authorize, goneSignal } from "./api-routes.ts";
import type { Auth } from "./auth/auth.ts";
import type { ApiCall, Handlers } from "./handlers/handler.ts";
import { parseFields, parsePath } from "./invalid-request.ts";
import { formBody } from "./json-body.ts";
import { languageOf } from "./language.ts";
import { textPage } from "./message-page.ts";

const setupForm = z.object({ action: z.enum(["set", "delete"]).default("set"), baseUrl: z.string().default("") });
const testForm = z.object({ text: z.string().default(""), chatId: z.string().default("") });

export interface FormOptions {
  readonly auth: Pick<Auth, "identify" | "csrf">;
  readonly handlers: Handlers;
}

/** POST of the guide's two pages as plain forms: the same actions as in the API, for a browser without the app. */
export function plainForms({ auth, handlers }: FormOptions): RequestHandler {
  const form = (act: (request: Request, response: Response, call: ApiCall) => Promise<void>): RequestHandler[] => [
    formBody(),
    async (request, response) => {
      const owner = await authorize(request, "owner", auth);
      auth.csrf.check(request);
      const csrfToken = () => auth.csrf.token(request, response);
      response.set("cache-control", "no-store");
      await act(request, response, { owner, language: languageOf(request), signal: goneSignal(response), csrfToken });
    },
  ];
  return Router()
    .post("/telegram/setup/:botId", ...form((request, response, call) => setUp(handlers, { request, response, call })))
    .post("/telegram/test/:botId", ...form((request, response, call) => test(handlers, { request, response, call })));
}

interface Submission {
  readonly request: Request;
  readonly response: Response;
  readonly call: ApiCall;
}

async function setUp(handlers: Handlers, { request, response, call }: Submission): Promise<void> {
  const params = parsePath(botParams, request.params);
  const { action, baseUrl } = parseFields(setupForm, request.body ?? {}, call.language);
  if (action === "set") await handlers.setWebhook({ params, query: undefined, body: { baseUrl } }, call);
  else await handlers.deleteWebhook({ params, query: undefined, body: undefined }, call);
  response.redirect(303, `/telegram/setup/${params.botId}`);
}

async function test(handlers: Handlers, { request, response, call }: Submission): Promise<void> {
  const params = parsePath(botParams, request.params);
  const { text, chatId } = parseFields(testForm, request.body ?? {}, call.language);
  if (chatId === "") {
    const reply = await handlers.testChat({ params, query: undefined, body: { text } }, call);
    response.send(textPage(call.language, text, reply.text));
    return;
  }
  const body = parseFields(sendTestMessage, { chatId, text }, call.language);
  await handlers.sendTestMessage({ params, query: undefined, body }, call);
  response.redirect(303, `/telegram/test/${params.botId}`);
}
