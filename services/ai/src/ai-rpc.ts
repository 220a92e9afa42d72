import { ReadableStream } from "node:stream/web";
import { DomainError } from "@botfactory/decider";
import type { AiService } from "@botfactory/proto/ai/v1/ai";
import type { Access, Call, Handlers } from "@botfactory/rpc";
import { type Allowances, allowanceSubject } from "./allowances.ts";
import { chargedOn } from "./domain/allowance.ts";
import { pacificDay } from "./domain/pacific-day.ts";
import { checkGenerateRequest } from "./generate-request.ts";
import type { FindUsage } from "./read-model/usage-document.ts";
import { type AnswerPart, type WriteAnswerDeps, writeAnswer } from "./write-answer.ts";

export const aiAccess: Access<typeof AiService> = { generate: ["conversation"], getUsage: "owner" };

export interface AiRpcDeps extends WriteAnswerDeps {
  readonly findUsage: FindUsage;
  readonly allowances: Pick<Allowances, "load">;
  readonly callsAMinute: number;
  readonly callsADay: number;
}

export function aiMethods(deps: AiRpcDeps): Handlers<typeof AiService> {
  return {
    async *generate(request, { signal, deadline }) {
      checkGenerateRequest(request);
      const parts = streamed((emit) => writeAnswer(deps, request, { signal, deadline, emit }));
      for await (const part of parts) yield { part };
    },

    getUsage: async (_, call) => {
      const [ownerId, at] = [ownerIdOf(call), deps.now()];
      const day = pacificDay(at);
      const { inputTokens, outputTokens } = await deps.findUsage({ day, ownerId });
      const { state } = await deps.allowances.load(allowanceSubject(ownerId));
      const { callsAMinute, callsADay } = deps;
      return {
        day,
        messages: chargedOn(state, at),
        inputTokens: BigInt(inputTokens),
        outputTokens: BigInt(outputTokens),
        callsAMinute,
        callsADay,
      };
    },
  };
}

/** What `write` emits, to be read at the reader's pace; its failure comes after what it emitted. */
async function* streamed(write: (emit: (part: AnswerPart) => void) => Promise<void>): AsyncGenerator<AnswerPart> {
  let failure: unknown;
  let isRead = true;
  const parts = new ReadableStream<AnswerPart>({
    start(controller) {
      const end = () => {
        if (isRead) controller.close();
      };
      void write((part) => {
        if (isRead) controller.enqueue(part);
      })
        .catch((error: unknown) => {
          failure = error;
        })
        .then(end);
    },
    cancel() {
      isRead = false;
    },
  });
  yield* parts;
  if (failure !== undefined) throw failure;
}

/** The access table lets no service in here; should it ever, the answer must not be somebody's usage. */
function ownerIdOf({ caller }: Call): string {
  if (caller.kind !== "owner") throw new DomainError("forbidden", "forbidden");
  return caller.ownerId;
}
