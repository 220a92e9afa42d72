import { AccountEventSchema, BotCreatedSchema } from "@botfactory/proto/events/v1/account";
import { TelegramBotClaimedSchema, TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { create, fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { eventCodec, UnknownEvent } from "./event-codec.ts";

const codec = eventCodec(TelegramBotEventSchema, "bots");
const claimed = (ownerId: string, botId: string) =>
  ({ case: "telegramBotClaimed", value: create(TelegramBotClaimedSchema, { ownerId, botId }) }) as const;

describe("an encoded event", () => {
  it("comes back as it was, whatever its fields hold", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (ownerId, botId) => {
        expect(codec.decode(codec.encode(claimed(ownerId, botId)).payload)).toEqual(claimed(ownerId, botId));
      }),
    ));

  it("is the wrapper message in plain protobuf, readable without this package", () => {
    const { event } = fromBinary(TelegramBotEventSchema, codec.encode(claimed("ada", "b1")).payload);
    expect(event).toEqual(claimed("ada", "b1"));
  });

  it("carries the attributes of CloudEvents as headers", () => {
    const { id, headers } = codec.encode(claimed("ada", "b1"));
    expect(headers).toEqual({
      "ce-specversion": "1.0",
      "ce-id": id,
      "ce-type": "botfactory.events.v1.TelegramBotClaimed",
      "ce-source": "bots",
      "ce-time": expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      "content-type": "application/protobuf",
    });
  });

  it("has an id of its own, a UUIDv7 that sorts by time", () => {
    const ids = Array.from({ length: 1000 }, () => codec.encode(claimed("ada", "b1")).id);
    expect(new Set(ids).size).toBe(1000);
    expect(ids).toEqual([...ids].sort());
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

describe("an event read from the log", () => {
  it("holds nothing of what was read with it, however long it is kept", () => {
    const accounts = eventCodec(AccountEventSchema, "bots");
    const sealedToken = Uint8Array.of(1, 2, 3);
    const { payload } = accounts.encode({ case: "botCreated", value: create(BotCreatedSchema, { sealedToken }) });
    const socketRead = new Uint8Array(65_536);
    socketRead.set(payload, 100);
    const { value } = accounts.decode(socketRead.subarray(100, 100 + payload.length));
    expect(value).toMatchObject({ sealedToken });
    const kept = "sealedToken" in value ? value.sealedToken.buffer.byteLength : undefined;
    expect(kept).toBeLessThanOrEqual(payload.length);
  });
});

describe("bytes of another version", () => {
  it("with an event this one does not know are refused clearly", () => {
    const fieldNumber99 = Uint8Array.of(0x9a, 0x06, 0x00);
    expect(() => codec.decode(fieldNumber99)).toThrow(UnknownEvent);
    expect(() => codec.decode(new Uint8Array())).toThrow(UnknownEvent);
    // Nothing is wrong with the turn or the owner's change: a process of the other version will do it.
    expect(() => codec.decode(fieldNumber99)).toThrow(expect.objectContaining({ kind: "unavailable" }));
  });
});
