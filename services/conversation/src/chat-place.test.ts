import { describe, expect, it } from "@jest/globals";
import { conversationSubject, placeOf, updatesSubject } from "./chat-place.ts";

describe("the chat of a subject", () => {
  const place = { botId: "b1", chatKey: "ab-c_2" };

  it("is the one the subject was made of", () => {
    expect([updatesSubject(place), conversationSubject(place)].map(placeOf)).toEqual([place, place]);
  });

  it.each(["updates.*.*", "updates.b1.>", "updates.b1", "updates.b1.c.d", "updates..c", "updates"])(
    "is none for %s: a pattern or another shape",
    (subject) => expect(placeOf(subject)).toBeUndefined(),
  );
});
