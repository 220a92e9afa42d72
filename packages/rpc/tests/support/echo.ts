import { DomainError } from "@botfactory/decider";
import { trace } from "@opentelemetry/api";
import {
  type Access,
  authenticator,
  type Call,
  type Client,
  type ClientOptions,
  client,
  type Handlers,
  type MutualTls,
  serve,
  serviceIdentity,
} from "../../src/index.ts";
import { type EchoRequest, EchoService } from "../proto/gen/echo_pb.ts";
import type { localKeycloak } from "./local-keycloak.ts";

export const KEY = "k".repeat(44);

export const access: Access<typeof EchoService> = {
  echo: { owner: true, services: ["web"] },
  echoAgain: ["web"],
  count: "admin",
};

/** Collects what the server logs, and the span each line was written in. */
export function logbook() {
  const errors: { fields: object; message: string }[] = [];
  const lines: { message: string; spanId: string | undefined }[] = [];
  const note = (message: string) => void lines.push({ message, spanId: trace.getActiveSpan()?.spanContext().spanId });
  return {
    errors,
    lines,
    error(fields: object, message: string) {
      errors.push({ fields, message });
      note(message);
    },
    debug: (_: object, message: string) => note(message),
  };
}

/** Handlers that send the text and the caller back. */
export function echoing(): Handlers<typeof EchoService> {
  const echo = async ({ text }: EchoRequest, { caller }: Call) => ({
    text,
    caller: caller.kind === "owner" ? caller.ownerId : caller.name,
  });
  return {
    echo,
    echoAgain: echo,
    async *count({ times }: EchoRequest) {
      for (let number = 1; number <= times; number += 1) yield { number };
    },
  };
}

/** Refuses or crashes as told. */
export function failing(error: unknown): Handlers<typeof EchoService> {
  const fail = async () => {
    throw error;
  };
  return {
    echo: fail,
    echoAgain: fail,
    async *count() {
      yield { number: 1 };
      await fail();
    },
  };
}

export const refusal = new DomainError("exhausted", "plan_limit_reached", { params: { limit: "1", plan: "free" } });

interface EchoSetup {
  readonly methods?: Handlers<typeof EchoService>;
  readonly keycloak?: Awaited<ReturnType<typeof localKeycloak>>["options"];
  readonly connectionAgeMs?: number;
  readonly deadlineMs?: number;
  readonly allow?: Access<typeof EchoService>;
  readonly tls?: MutualTls | undefined;
}

/** A real server on a free port and a client in the name of service `web`. */
export async function echoServer({
  methods = echoing(),
  keycloak,
  connectionAgeMs,
  deadlineMs,
  allow,
  tls,
}: EchoSetup = {}) {
  const logger = logbook();
  const server = await serve({
    service: EchoService,
    methods,
    access: allow ?? access,
    authenticate: authenticator({ serviceAuthKey: KEY, ...(keycloak === undefined ? {} : { keycloak }) }),
    logger,
    port: 0,
    host: "127.0.0.1",
    tls,
    ...(connectionAgeMs === undefined ? {} : { connectionAgeMs, connectionAgeGraceMs: 200 }),
  });
  const url = `127.0.0.1:${server.port}`;
  const clients: Client<typeof EchoService>[] = [];
  const clientOf = (name: string, more: Partial<ClientOptions> = {}) => {
    const identity = serviceIdentity({ name, key: KEY });
    const made = client(EchoService, { url, identity, ...more, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
    clients.push(made);
    return made;
  };
  return {
    url,
    logger,
    server,
    clientOf,
    web: clientOf("web"),
    async stop() {
      for (const one of clients) one.close();
      await server.drain(0);
    },
  };
}

/** The error a promise or an async iterable ends with. */
export async function errorOf(work: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  try {
    if (Symbol.asyncIterator in work) for await (const _ of work);
    else await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
