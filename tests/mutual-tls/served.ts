import { DomainError } from "@botfactory/decider";
import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import {
  type Access,
  type AccessRule,
  type Authenticate,
  type Client,
  client,
  type Handlers,
  mutualTls,
  serve,
  type TlsFiles,
} from "@botfactory/rpc";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { errorOf, logbook } from "../../packages/rpc/tests/support/echo.ts";
import { aiAccess } from "../../services/ai/src/ai-rpc.ts";
import { botsAccess } from "../../services/bots/src/bots-access.ts";
import { conversationAccess } from "../../services/conversation/src/conversation-rpc.ts";
import type { Certificate, Token } from "./callers.ts";

/** One method of a service as it is declared. */
export interface Method {
  readonly service: string;
  readonly name: string;
  readonly rule: AccessRule;
}

interface Served<Service extends DescService> {
  readonly name: string;
  readonly service: Service;
  readonly access: Access<Service>;
}

const bots = { name: "bots", service: BotsService, access: botsAccess };
const ai = { name: "ai", service: AiService, access: aiAccess };
const conversation = { name: "conversation", service: ConversationService, access: conversationAccess };

/** Every method of the real services with its row of the real table. */
export const methods: readonly Method[] = [...methodsOf(bots), ...methodsOf(ai), ...methodsOf(conversation)];

function methodsOf<Service extends DescService>({ name, service, access }: Served<Service>): Method[] {
  return service.methods.map(({ localName }) => ({ service: name, name: localName, rule: access[localName] ?? [] }));
}

export type Calls = Awaited<ReturnType<typeof serveAll>>;

/** The three services' tables before handlers that only say that they were reached. */
export async function serveAll(filesOf: (service: string) => Promise<TlsFiles>, authenticate: Authenticate) {
  const one = async <Service extends DescService>({ name, service, access }: Served<Service>) => {
    const tls = await mutualTls({ service: name, files: await filesOf(name), logger: logbook() });
    const common = { authenticate, logger: logbook(), host: "127.0.0.1", port: 0 };
    const server = await serve({ ...common, service, access, tls, methods: reached(service) });
    const clients = new Map<Certificate, Client<Service>>();
    const clientWith = (certificate: Certificate): Client<Service> => {
      const known =
        clients.get(certificate) ??
        client(service, { url: `localhost:${server.port}`, tls: certificate, deadlineMs: 20_000 });
      clients.set(certificate, known);
      return known;
    };
    return {
      name,
      async outcome(method: string, certificate: Certificate, { token }: Token): Promise<string> {
        const call = clientWith(certificate)[method as keyof Service["method"]] as UntypedCall;
        const error = await errorOf(call({}, token === undefined ? {} : { as: token }));
        return error instanceof DomainError ? error.code : String(error);
      },
      async stop() {
        for (const each of clients.values()) each.close();
        await server.drain(0);
        tls?.close();
      },
    };
  };
  const served = await Promise.all([one(bots), one(ai), one(conversation)]);
  return {
    outcome: ({ service, name }: Method, certificate: Certificate, token: Token) =>
      served.find((each) => each.name === service)?.outcome(name, certificate, token),
    stop: () => Promise.all(served.map((each) => each.stop())),
  };
}

type UntypedCall = (request: object, options: { readonly as?: string }) => Promise<unknown> | AsyncIterable<unknown>;

/** Handlers for every method: they refuse with the code `reached`. */
function reached<Service extends DescService>(service: Service): Handlers<Service> {
  const refuse = () => {
    throw new DomainError("conflict", "reached");
  };
  const handlerOf = ({ methodKind }: DescMethod): unknown =>
    methodKind === "unary"
      ? async () => refuse()
      : async function* () {
          yield* [];
          refuse();
        };
  return Object.fromEntries(
    service.methods.map((method) => [method.localName, handlerOf(method)]),
  ) as Handlers<Service>;
}
