import { describe, expect, it } from "@jest/globals";
import { fairPlaces } from "./fair-places.ts";

/** Work of owners, each piece running until it is told to end. */
function placesOf(atOnce: number) {
  const places = fairPlaces({ atOnce, ownerOf: (botId) => botId.split("-")[0] });
  const ends = new Map<string, () => void>();
  const started: string[] = [];
  return {
    ...places,
    started,
    bring(botId: string, count = 1) {
      for (let number = 0; number < count; number++) {
        const chat = { botId, chatKey: `${number}` };
        places.run(chat, () => {
          started.push(botId);
          return new Promise((end) => ends.set(`${botId} ${number}`, end));
        });
      }
    },
    async end(name: string) {
      ends.get(name)?.();
      await new Promise(setImmediate);
    },
    of: (botId: string) => started.filter((one) => one === botId).length,
  };
}

describe("places for chats", () => {
  it("are all one owner's while nobody else is there", () => {
    const places = placesOf(8);
    places.bring("ada", 100);
    expect(places.of("ada")).toBe(8);
  });

  it("have room at once for an owner who has none, however many another one waits for", () => {
    const places = placesOf(8);
    places.bring("ada", 100);
    places.bring("bob", 3);
    places.bring("cyd", 3);
    places.bring("dan", 3);
    expect(places.started.slice(8)).toEqual(["bob", "cyd"]);
  });

  it("go to owners in turn as they come free", async () => {
    const places = placesOf(8);
    places.bring("ada", 100);
    for (const owner of ["bob", "cyd", "dan"]) places.bring(owner, 3);
    for (const number of [0, 1, 2, 3, 4, 5]) await places.end(`ada ${number}`);
    expect(places.started.slice(8)).toEqual(["bob", "cyd", "dan", "ada", "bob", "cyd"]);
  });

  it("are shared by the bots of one owner", async () => {
    const places = placesOf(2);
    places.bring("ada-1", 100);
    places.bring("ada-2", 1);
    await places.end("ada-1 0");
    await places.end("ada-1 1");
    expect(places.started.slice(2)).toEqual(["ada-1", "ada-2"]);
  });

  it("are given away by a chat that waits for the quota, and its end frees no second one", async () => {
    const places = placesOf(1);
    places.bring("ada", 3);
    places.stepAside({ botId: "ada", chatKey: "0" });
    places.stepAside({ botId: "ada", chatKey: "0" });
    expect(places.of("ada")).toBe(2);
    await places.end("ada 0");
    expect(places.of("ada")).toBe(2);
    await places.end("ada 1");
    expect(places.of("ada")).toBe(3);
  });

  it("are given away by a chat whose next work began before its last had ended", async () => {
    const places = fairPlaces({ atOnce: 1, ownerOf: () => "ada" });
    const [chat, other] = [
      { botId: "ada", chatKey: "0" },
      { botId: "ada", chatKey: "1" },
    ];
    const started: string[] = [];
    const forEver = ({ chatKey }: { chatKey: string }) => {
      started.push(chatKey);
      return new Promise<void>(() => undefined);
    };
    places.run(chat, async () => {
      places.stepAside(chat);
      places.run(chat, () => forEver(chat));
    });
    await new Promise(setImmediate);
    places.run(other, () => forEver(other));
    places.stepAside(chat);
    expect(started).toEqual(["0", "1"]);
  });

  it("are given away by four chats a place at most, so that what waits elsewhere is bounded", () => {
    const places = placesOf(1);
    places.bring("ada", 10);
    for (let number = 0; number < 10; number++) places.stepAside({ botId: "ada", chatKey: `${number}` });
    expect(places.of("ada")).toBe(5);
  });

  it("are idle when the last piece has ended, waiting ones too", async () => {
    const places = placesOf(1);
    places.bring("ada", 2);
    let isIdle = false;
    const idle = places.onIdle().then(() => {
      isIdle = true;
    });
    await places.end("ada 0");
    expect(isIdle).toBe(false);
    await places.end("ada 1");
    await idle;
  });
});
