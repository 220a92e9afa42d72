import { AiService } from "@botfactory/proto/ai/v1/ai";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { type DescMethod, type Message, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { anyMessage } from "../../../packages/rpc/tests/support/any-message.ts";
import { anyMutations, mutated } from "../events/mutate.ts";
import { anyHostileId } from "../subjects/hostile-id.ts";

export const METHODS: readonly DescMethod[] = [BotsService, AiService, ConversationService].flatMap(
  ({ methods }) => methods,
);

/** One call: a method, the bytes of its request, and who makes it. */
export interface RawCall {
  readonly method: DescMethod;
  readonly bytes: Uint8Array;
  readonly caller: (typeof CALLERS)[number];
}

const CALLERS = [
  "rightful",
  "rightful",
  "rightful",
  "rightful",
  "rightful",
  "other owner",
  "nobody",
  "garbage",
] as const;

const PAGE_TOKENS = [
  { at: 1e300, id: "x" },
  { at: -9e15, id: "x" },
  { at: 1.5, id: "" },
  { at: 0, id: "x".repeat(5_000) },
  { at: { $gt: 0 }, id: { $ne: "" } },
  1e300,
  -1,
  0.5,
  { $gt: 0 },
  null,
].map((place) => Buffer.from(JSON.stringify(place)).toString("base64url"));

/** Any call of any method: requests of the right type, with ids that are there or hostile, whole or mutated. */
export function anyCall(ownBotId: string): fc.Arbitrary<RawCall> {
  return fc.constantFrom(...METHODS).chain((method) =>
    fc
      .record({
        caller: fc.constantFrom(...CALLERS),
        message: anyMessage(method.input),
        fields: anyFields(ownBotId),
        mutations: fc.oneof(fc.constant([]), anyMutations()),
      })
      .map(({ caller, message, fields, mutations }) => {
        // The bot is kept, or all that follows would only meet NOT_FOUND.
        const deletes = method.localName === "deleteBot" && caller === "rightful";
        const bytes = toBinary(method.input, filled(message, deletes ? { ...fields, botId: "gone" } : fields));
        return { method, caller, bytes: mutated(bytes, mutations, [bytes]).slice(0, 1_000_000) };
      }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function anyFields(ownBotId: string): fc.Arbitrary<Fields> {
  const id = (own: string) => fc.oneof({ weight: 3, arbitrary: fc.constant(own) }, anyHostileId());
  return fc.record(
    {
      botId: id(ownBotId),
      ownerId: id("somebody"),
      chatId: fc.oneof(fc.constantFrom("1", "test", "1:1", "-1", "9".repeat(30)), anyHostileId()),
      pageToken: fc.oneof(fc.constantFrom("", ...PAGE_TOKENS, "999999999999999-aaaaaaaaaaaaaaaaaaaa"), anyHostileId()),
      chargeKey: anyHostileId(),
      model: anyHostileId(),
    },
    { requiredKeys: ["botId"] },
  );
}

/** Puts the fields the message has in place of its own; what protobuf cannot hold is left as it was. */
function filled(message: Message, fields: Fields): Message {
  const known = Object.entries(fields).filter(([name, text]) => name in message && !/\p{Surrogate}/u.test(`${text}`));
  return Object.assign(message, Object.fromEntries(known));
}
