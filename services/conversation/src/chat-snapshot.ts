import type { StateCodec } from "@botfactory/event-store";
import { ChatSnapshotSchema } from "@botfactory/proto/conversation/v1/snapshot";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Conversation } from "./domain/conversation-state.ts";

/** The state of a chat as bytes for a snapshot; what is sealed stays sealed. */
export const chatSnapshot: StateCodec<Conversation> = {
  version: 1,

  encode({ sealedIdentity, cursor, seen, turn, past, language }) {
    const snapshot = create(ChatSnapshotSchema, {
      cursor,
      seen: [...seen],
      past: past.map((exchange) => ({ ...exchange })),
      language,
      ...(sealedIdentity && { sealedIdentity }),
      ...(turn && { turn: { ...turnOf(turn), ...(turn.draft && { draft: turn.draft }) } }),
    });
    return toBinary(ChatSnapshotSchema, snapshot);
  },

  decode(bytes) {
    const { sealedIdentity, cursor, seen, turn, past, language } = fromBinary(ChatSnapshotSchema, bytes);
    return {
      sealedIdentity: sealedIdentity && own(sealedIdentity),
      cursor,
      seen,
      turn: turn && {
        ...turnOf(turn),
        sealedText: own(turn.sealedText),
        draft: turn.draft && { ...turn.draft, sealedText: own(turn.draft.sealedText) },
      },
      past: past.map(({ sealedText, sealedReply }) => ({ sealedText: own(sealedText), sealedReply: own(sealedReply) })),
      language,
    };
  },
};

/** Bytes that were read are a view of the whole snapshot, and would keep it in memory as long as they are kept. */
const own = (bytes: Uint8Array) => new Uint8Array(bytes);

type Turn = NonNullable<Conversation["turn"]>;

/** Field by field, so that a field the state gains is missed by the compiler, not by the chat. */
function turnOf(turn: Omit<Turn, "draft">) {
  const { turnId, workerId, attempt, sealedText, language, source } = turn;
  return {
    ...{ turnId, workerId, attempt, sealedText, language, source },
    updates: [...turn.updates],
    messageIds: [...turn.messageIds],
    doubts: [...turn.doubts],
  };
}
