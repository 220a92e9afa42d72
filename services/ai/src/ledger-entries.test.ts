import { DomainError } from "@botfactory/decider";
import { CallOutcome } from "@botfactory/proto/events/v1/quota";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { ended, scene, wish } from "../tests/ledger-scene.ts";

describe("the end of a call", () => {
  afterEach(() => void jest.useRealTimers());

  it("is written together with the next reservation when it was answered", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    const stored = ledger.write(ended("1", CallOutcome.ANSWERED));
    await new Promise(setImmediate);
    await ledger.reserve(wish("2"));
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("waits for the next reservation also when it comes while one is being stored", async () => {
    let stored: Promise<void> | undefined;
    const { ledger, appended } = scene({
      onAppend: () => {
        if (appended.length === 1) stored = ledger.write(ended("1", CallOutcome.ANSWERED));
      },
    });
    await ledger.reserve(wish("1"));
    await ledger.reserve(wish("2"));
    await new Promise(setImmediate);
    await ledger.reserve(wish("3"));
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("is written also when more have come than one append takes", async () => {
    const { ledger, appended } = scene({ callsAWindow: 200 });
    const ids = Array.from({ length: 150 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => ledger.reserve({ ...wish(id), messagesADay: 150 })));
    await Promise.all(ids.map((id) => ledger.write(ended(id, CallOutcome.ANSWERED))));
    expect(appended.map(({ length }) => length)).toEqual([1, 100, 50]);
  });

  it("is written though a reservation in the same append cannot be", async () => {
    let isDamaged = false;
    const { ledger, appended } = scene({
      onAppend: () => {
        if (!isDamaged) return;
        isDamaged = false;
        throw new DomainError("unavailable", "log_damaged");
      },
    });
    await ledger.reserve(wish("1"));
    isDamaged = true;
    const stored = ledger.write(ended("1", CallOutcome.ANSWERED));
    await expect(ledger.reserve(wish("2"))).rejects.toMatchObject({ code: "log_damaged" });
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("is written once when the log stored it and fell silent", async () => {
    const { ledger, appended, silence } = scene();
    await ledger.reserve(wish("1"));
    silence();
    const stored = ledger.write(ended("1", CallOutcome.FAILED));
    await expect(ledger.reserve(wish("2"))).rejects.toThrow("unavailable");
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled", "callsReserved"]]);
  });

  it("is tried again as long as the ledger surely knows whether it has it, and then fails", async () => {
    const { ledger, refuse, tries } = scene();
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    const fails = (endedAt: number) => expect(ledger.write(ended("1", CallOutcome.FAILED, { endedAt }))).rejects;
    await fails(Date.now() - 30_000).toThrow("damaged");
    expect(tries()).toBe(2);
    const hasFailed = fails(Date.now()).toThrow("damaged");
    await jest.advanceTimersByTimeAsync(60_000);
    await hasFailed;
    expect(tries()).toBeGreaterThan(4);
  });

  it("is tried again also when the answer took longer than that", async () => {
    const { ledger, refuse, appended } = scene();
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    const stored = ledger.write(ended("1", CallOutcome.FAILED, { seenBy: Date.now() - 45_000 }));
    await jest.advanceTimersByTimeAsync(1);
    refuse(undefined);
    await jest.advanceTimersByTimeAsync(10_000);
    await stored;
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("that cannot be written fails what is asked for beside it once, and nothing after", async () => {
    let takesMs = 0;
    const onAppend = () => new Promise<void>((resolve) => (takesMs > 0 ? setTimeout(resolve, takesMs) : resolve()));
    const { ledger, refuse, tries } = scene({ callsAWindow: 300, onAppend });
    await ledger.reserve(wish("1"));
    refuse("1");
    jest.useFakeTimers();
    takesMs = 150;
    const written = expect(ledger.write(ended("1", CallOutcome.FAILED))).rejects.toThrow("damaged");
    const beside = expect(ledger.reserve(wish("2"))).rejects.toThrow("damaged");
    await jest.advanceTimersByTimeAsync(takesMs);
    await beside;
    const asked: Promise<unknown>[] = [];
    for (let index = 0; index < 200; index += 1) {
      asked.push(ledger.reserve({ ...wish(`next ${index}`), messagesADay: 300 }));
      await jest.advanceTimersByTimeAsync(50);
    }
    await jest.advanceTimersByTimeAsync(60_000);
    await Promise.all(asked);
    await written;
    expect(tries()).toBeGreaterThan(200 / 3);
  });

  it("is written although another one, which came with it, cannot be", async () => {
    const { ledger, appended, refuse } = scene();
    await ledger.reserve(wish("1"));
    await ledger.reserve(wish("2"));
    refuse("1");
    jest.useFakeTimers();
    ledger.write(ended("1", CallOutcome.FAILED)).catch(() => undefined);
    const other = ledger.write(ended("2", CallOutcome.FAILED));
    await jest.advanceTimersByTimeAsync(20_000);
    await other;
    expect(appended).toEqual([["callsReserved"], ["callsReserved"], ["callSettled"]]);
  });

  it("is written by itself when no other call comes", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    await ledger.write(ended("1", CallOutcome.ANSWERED));
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });

  it("is written at once when it was not answered: the owner gets the charge back", async () => {
    const { ledger, appended } = scene();
    await ledger.reserve(wish("1"));
    jest.useFakeTimers();
    await ledger.write(ended("1", CallOutcome.FAILED));
    expect(appended).toEqual([["callsReserved"], ["callSettled"]]);
  });
});
