import { describe, expect, it } from "@jest/globals";
import { scene, wish } from "../tests/ledger-scene.ts";
import { allowanceSubject } from "./allowances.ts";

describe("a caller who leaves while the log stores the call", () => {
  it("costs its owner nothing", async () => {
    const leaving = new AbortController();
    const { books, ledger } = scene({ onAppend: () => leaving.abort(new Error("the caller left")) });
    await expect(ledger.reserve(wish("r", leaving.signal))).rejects.toThrow("the caller left");
    await books.flush();
    expect((await books.allowances.load(allowanceSubject("ada"))).state.charged).toBe(0);
  });
});

describe("many callers of one owner in the same moment", () => {
  it("are no crowd before the ledger has looked whether there is room for them", async () => {
    const { ledger } = scene();
    await ledger.reserve(wish("first"));
    const asked = Array.from({ length: 150 }, (_, index) => ledger.reserve(wish(`${index}`)));
    expect(ledger.crowded("ada")).toBeUndefined();
    await Promise.all(asked);
  });

  it("are a crowd when a hundred of them wait for room", async () => {
    const { ledger } = scene();
    const leaving = new AbortController();
    const patient = (id: string) => ({
      ...wish(id, leaving.signal),
      giveUpAt: Date.now() + 3_600_000,
      messagesADay: 1_000,
    });
    const asked = Array.from({ length: 150 }, (_, index) => ledger.reserve(patient(`${index}`)));
    await asked[0];
    await new Promise(setImmediate);
    expect(ledger.crowded("ada")).toMatchObject({ scope: "minute" });
    leaving.abort(new Error("enough"));
    await Promise.allSettled(asked);
  });
});
