import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { client, serviceIdentity } from "@botfactory/rpc";
import type { TestStack } from "./test-stack.ts";

type ServiceName = Parameters<TestStack["replicasOf"]>[0];

/** The service whose own token the calls carry where they carry no owner's, and by which key it is signed. */
export interface RpcCaller {
  readonly service?: string;
  readonly key?: string;
  /** Which process of the service is called; the first unless said. */
  readonly replica?: number;
}

export type Rpc = ReturnType<typeof rpc>;

/** All services behind the console, called as other services call them. Anonymous unless a service is named. */
export function rpc(
  stack: TestStack,
  { service, key = stack.env["SERVICE_AUTH_KEY"] ?? "", replica = 0 }: RpcCaller = {},
) {
  const optionsFor = (name: ServiceName) => ({
    url: `127.0.0.1:${stack.replicasOf(name)[replica]?.port}`,
    deadlineMs: 10_000,
    ...(service === undefined ? {} : { identity: serviceIdentity({ name: service, key }) }),
  });
  const bots = client(BotsService, optionsFor("bots"));
  const ai = client(AiService, optionsFor("ai"));
  const conversation = client(ConversationService, optionsFor("conversation"));
  return { bots, ai, conversation, close: () => [bots, ai, conversation].forEach((each) => void each.close()) };
}

/** The error code a call was refused with; "answered" when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "answered";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** All parts of a stream. */
export async function parts<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of stream) all.push(part);
  return all;
}
