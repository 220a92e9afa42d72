import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { QuotaLimits } from "../src/domain/ledger.ts";
import { limitsOf } from "../src/quota-limits.ts";
import { says } from "./gemini-script.ts";
import { answer, busiestWindow, request, type Stage, stage, until } from "./stage.ts";

let scene: Stage;
beforeAll(async () => {
  scene = await stage();
});
beforeEach(() => scene.google.reset());
afterAll(() => scene.close());

// A second instead of a minute, and clocks that are as much nearer to each other. A call may last as long as in production,
// or a machine that is so busy that calls take longer would have the ledger forget them too soon.
const limits: QuotaLimits = {
  ...limitsOf({ GEMINI_RPM: 100, GEMINI_RPD: 10_000 }),
  windowMs: 1_000,
  clockErrorMs: 50,
};
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "answered",
    (error) => error.code,
  );

const arrivalsFor = (model: string) =>
  scene.google.seen.filter(({ path }) => path.includes(`/${model}:`)).map(({ at }) => at);

async function processes(count: number, more: Partial<QuotaLimits> = {}) {
  const all = [];
  for (let started = 0; started < count; started++)
    all.push(scene.client(await scene.start({}, { ...limits, ...more })));
  return all;
}

describe("300 requests at once on 3 processes with 100 calls a window", () => {
  it("are all answered, and Gemini never sees the 101st within any window", async () => {
    const asking = await processes(3);
    const model = "gemini-a";
    const answers = await Promise.all(
      asking.flatMap((one) => Array.from({ length: 100 }, () => answer(one.generate(request({ model }))))),
    );
    expect(answers.filter(({ text }) => text === "echo: salom")).toHaveLength(300);
    const arrivals = arrivalsFor(model);
    expect(arrivals.length).toBe(300);
    expect(busiestWindow(arrivals, limits.windowMs)).toBeLessThanOrEqual(limits.callsAWindow);
    const reserving = (await scene.facts()).filter((fact) => fact.case === "callsReserved");
    expect(reserving.length).toBeLessThan(150);
  }, 60_000);

  it("with a day of 30 get 30 answers and 270 times the end of the day", async () => {
    const asking = await processes(3, { callsADay: 30 });
    const model = "gemini-b";
    const codes = await Promise.all(
      asking.flatMap((one) => Array.from({ length: 100 }, () => codeOf(answer(one.generate(request({ model })))))),
    );
    expect(new Set(codes)).toEqual(new Set(["answered", "ai_rate_day"]));
    expect(codes.filter((code) => code === "answered")).toHaveLength(30);
    expect(codes.filter((code) => code === "ai_rate_day")).toHaveLength(270);
    expect(arrivalsFor(model).length).toBe(30);
  }, 60_000);
});

describe("a window that is full", () => {
  const full = { callsAWindow: 1, windowMs: 2_000 };

  it("gives the place of a caller who hung up to the next one", async () => {
    const [asking] = await processes(1, full);
    if (asking === undefined) throw new Error("no process");
    const model = "gemini-c";
    await answer(asking.generate(request({ model })));
    const callers = Array.from({ length: 20 }, () => new AbortController());
    const leaving = callers.map(({ signal }) =>
      answer(asking.generate(request({ model }), { signal })).catch(() => "left"),
    );
    const staying = answer(asking.generate(request({ model, text: "I stay" })));
    for (const caller of callers) caller.abort(new Error("hung up"));
    await Promise.all(leaving);
    expect((await staying).text).toBe("echo: I stay");
    expect(arrivalsFor(model).length).toBe(2);
  });

  it("longer than a person waits is told at once, with a time", async () => {
    const [asking] = await processes(1, { callsAWindow: 1, windowMs: 60_000 });
    if (asking === undefined) throw new Error("no process");
    const model = "gemini-d";
    await answer(asking.generate(request({ model })));
    const refused = await answer(asking.generate(request({ model }))).catch((error) => error);
    expect(refused).toMatchObject({ code: "ai_rate_minute" });
    const waitMs = Number(refused.params.retry_at_unix_ms) - Date.now();
    expect(waitMs).toBeGreaterThan(55_000);
    expect(waitMs).toBeLessThan(63_000);
  });

  it("is not waited for beyond the caller's own deadline", async () => {
    const [asking] = await processes(1, { callsAWindow: 1, windowMs: 20_000 });
    if (asking === undefined) throw new Error("no process");
    const model = "gemini-e";
    await answer(asking.generate(request({ model })));
    expect(await codeOf(answer(asking.generate(request({ model }), { deadlineMs: 5_000 })))).toBe("ai_rate_minute");
  });
});

describe("an owner who floods two processes", () => {
  it("makes nobody else wait, though more of the flood waits than a window has places", async () => {
    const asking = await processes(2, { callsAWindow: 60, windowMs: 4_000 });
    const model = "gemini-g";
    const ask = (ownerId: string) =>
      asking.map((one) => answer(one.generate(request({ model, ownerId }), { deadlineMs: 10_000 })));
    const flood = Promise.allSettled(Array.from({ length: 100 }, () => ask("flood")).flat());
    await until(() => arrivalsFor(model).length === 54);
    const quiet = await Promise.all(["ada", "bob", "eva"].flatMap(ask));
    for (const { parts } of quiet) expect(parts.map((part) => part.case)).not.toContain("quotaWait");
    const outcomes = await flood;
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(54);
  }, 60_000);
});

describe("a slow Gemini", () => {
  it("does not hold up the others", async () => {
    const [asking] = await processes(1);
    if (asking === undefined) throw new Error("no process");
    const model = "gemini-f";
    let release: () => void = () => {};
    // Only this model's first request: one the flood before gave up may still come in, and would be the one held.
    let held = false;
    scene.google.always(async (response, incoming) => {
      if (held || !incoming.url?.includes(`/${model}:`)) return says("at once")(response, incoming);
      held = true;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await says("slow")(response, incoming);
    });
    const slow = answer(asking.generate(request({ model })));
    await Promise.race([until(() => held), slow]);
    expect((await answer(asking.generate(request({ model })))).text).toBe("at once");
    release();
    expect((await slow).text).toBe("slow");
  });
});
