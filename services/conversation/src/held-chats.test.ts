import { describe, expect, it } from "@jest/globals";
import { fairPlaces } from "./fair-places.ts";
import { heldChats, type Nudge } from "./held-chats.ts";

const place = { botId: "bot", chatKey: "chat" };

describe("the nudges of a chat", () => {
  it("collapse into the newest, for which no other worker can have found the chat idle too early", async () => {
    const answered: string[] = [];
    const nudge = (seq: number): Nudge => ({
      seq,
      subject: "updates.bot.chat",
      ack: () => void answered.push(`ack ${seq}`),
      nak: () => void answered.push(`nak ${seq}`),
      working: () => undefined,
    });
    const attempt = async () => ({ kind: "idle" }) as const;
    const places = fairPlaces({ atOnce: 1, ownerOf: () => undefined });
    const chats = heldChats({ attempt, places, stopping: new AbortController().signal });
    for (const seq of [1, 2, 1]) chats.take(place, nudge(seq));
    await chats.release();
    expect(answered).toEqual(["ack 1", "ack 1", "ack 2"]);
  });
});
