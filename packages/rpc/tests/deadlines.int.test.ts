import { once } from "node:events";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Call, type CallLimits, within } from "../src/index.ts";
import { echoing, echoServer, errorOf } from "./support/echo.ts";

const opened: { stop(): Promise<void> }[] = [];
const open: typeof echoServer = async (setup) => {
  const server = await echoServer(setup);
  opened.push(server);
  return server;
};
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

/** Handlers that never answer, and the calls they were given. */
function silent() {
  const calls: Call[] = [];
  const arrived = new EventTarget();
  const wait = async (call: Call) => {
    calls.push(call);
    arrived.dispatchEvent(new Event("call"));
    await once(call.signal, "abort");
    throw call.signal.reason;
  };
  const methods = {
    ...echoing(),
    echo: (_request: unknown, call: Call) => wait(call),
    async *count(_request: unknown, call: Call) {
      yield { number: 1 };
      await wait(call);
    },
  };
  return { methods, calls, called: () => once(arrived, "call") };
}

const unavailable = { kind: "unavailable", code: "unavailable" };
const everything = { echo: ["web"], echoAgain: ["web"], count: ["web"] };

describe("a call that gets no answer", () => {
  it("ends at the client's deadline as unavailable, and the handler is told", async () => {
    const { methods, calls } = silent();
    const { web, logger } = await open({ methods, deadlineMs: 150 });
    // On a busy machine the deadline may pass while it still connects, and then no handler is there to be told.
    await web.echoAgain({}, { deadlineMs: 30_000 });
    expect(await errorOf(web.echo({}))).toMatchObject(unavailable);
    if (calls[0]?.signal.aborted === false) await once(calls[0].signal, "abort");
    expect(calls[0]?.signal.aborted).toBe(true);
    // A round trip later the first handler has ended too, and that was no crash.
    await web.echoAgain({}, { deadlineMs: 30_000 });
    expect(logger.errors).toEqual([]);
  });

  it("ends a stream at its deadline too", async () => {
    const { web } = await open({ methods: silent().methods, deadlineMs: 150, allow: everything });
    expect(await errorOf(web.count({}))).toMatchObject(unavailable);
  });

  it("takes the deadline of the call over the client's", async () => {
    const { methods, calls } = silent();
    const { web } = await open({ methods, deadlineMs: 60_000 });
    await web.echoAgain({});
    const started = Date.now();
    expect(await errorOf(web.echo({}, { deadlineMs: 100 }))).toMatchObject(unavailable);
    expect(calls[0]?.deadline).toBeLessThan(started + 1_000);
  });

  it("has two seconds when nobody says more", async () => {
    const { methods, calls, called } = silent();
    const { web } = await open({ methods });
    const stop = new AbortController();
    const started = Date.now();
    const outcome = errorOf(web.echo({}, { signal: stop.signal }));
    await called();
    expect((calls[0]?.deadline ?? 0) - started).toBeGreaterThan(1_500);
    expect((calls[0]?.deadline ?? 0) - started).toBeLessThan(2_500);
    stop.abort();
    await outcome;
  });

  it("never outlives the call on whose behalf it is made", async () => {
    const { methods, calls } = silent();
    const { web } = await open({ methods });
    const limits: CallLimits = { deadline: Date.now() + 120, signal: new AbortController().signal };
    expect(await errorOf(within(limits, () => web.echo({}, { deadlineMs: 30_000 })))).toMatchObject(unavailable);
    expect(calls[0]?.deadline).toBeLessThan(limits.deadline + 100);
  });
});

describe("a cancelled call", () => {
  it("rejects with the signal's reason and ends the handler", async () => {
    const { methods, calls, called } = silent();
    const { web } = await open({ methods, deadlineMs: 20_000 });
    const stop = new AbortController();
    const outcome = errorOf(web.echo({}, { signal: stop.signal }));
    await called();
    stop.abort("changed my mind");
    expect(await outcome).toBe("changed my mind");
    if (calls[0]?.signal.aborted === false) await once(calls[0].signal, "abort");
  });

  it("is cancelled with the call on whose behalf it is made", async () => {
    const { methods, called } = silent();
    const { web } = await open({ methods });
    const parent = new AbortController();
    const outcome = errorOf(within({ deadline: Date.now() + 20_000, signal: parent.signal }, () => web.echo({})));
    await called();
    parent.abort("the owner closed the page");
    expect(await outcome).toBe("the owner closed the page");
  });

  it("is never sent when it was cancelled before", async () => {
    const { methods, calls } = silent();
    const { web } = await open({ methods });
    expect(await errorOf(web.echo({}, { signal: AbortSignal.abort("too late") }))).toBe("too late");
    expect(calls).toEqual([]);
  });

  it("ends the handler's stream when the reader stops early", async () => {
    const { methods, calls, called } = silent();
    const { web } = await open({ methods, allow: everything, deadlineMs: 20_000 });
    const arrival = called();
    for await (const { number } of web.count({})) {
      expect(number).toBe(1);
      await arrival;
      break;
    }
    if (calls[0]?.signal.aborted === false) await once(calls[0].signal, "abort");
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ["fast", () => undefined],
    ["slow", (signal: AbortSignal) => once(signal, "abort")],
  ])("ends the stream of a %s handler that goes on regardless", async (_pace, pause) => {
    let ended: (sentAfterwards: number) => void = () => undefined;
    const handlerEnded = new Promise<number>((resolve) => {
      ended = resolve;
    });
    const endless = async function* (_request: unknown, { signal }: Call) {
      let sentAfterwards = -1;
      try {
        for (let number = 1; ; number += 1) {
          if (signal.aborted) sentAfterwards += 1;
          yield { number };
          if (!signal.aborted) await pause(signal);
        }
      } finally {
        ended(sentAfterwards);
      }
    };
    const { web } = await open({ methods: { ...echoing(), count: endless }, allow: everything });
    for await (const _ of web.count({})) break;
    expect(await handlerEnded).toBeLessThanOrEqual(0);
  });
});
