import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Readiness, servingHealth } from "../src/index.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers nothing but this, and how to ask it. */
async function open(readiness: Readiness, onAsked: () => void = () => undefined) {
  const answer = servingHealth(readiness);
  const server = createServer((request, response) => {
    void answer(request, response);
    onAsked();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => new Promise((closed) => server.close(closed)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  return async (method = "GET") => {
    const response = await fetch(url, { method });
    const { status, headers } = response;
    const [cache, type] = [headers.get("cache-control"), headers.get("content-type")];
    return { status, text: await response.text(), cache, type };
  };
}

const plain = { cache: "no-store", type: "text/plain; charset=utf-8" };

describe("what a load balancer asks at the serving port", () => {
  it("is ready when every check passes, to HEAD as to GET", async () => {
    const ask = await open({ checks: { nats: () => true, mongodb: async () => undefined } });
    expect(await ask()).toEqual({ status: 200, text: "ready\n", ...plain });
    expect(await ask("HEAD")).toEqual({ status: 200, text: "", ...plain });
  });

  it("tells the internet nothing of what is missing", async () => {
    const ask = await open({ checks: { mongodb: () => Promise.reject(new Error("mongodb://db is down")) } });
    expect(await ask()).toEqual({ status: 503, text: "not ready\n", ...plain });
    expect((await ask("HEAD")).status).toBe(503);
  });

  it("is not ready from the moment the process stops", async () => {
    const stopping = new AbortController();
    const ask = await open({ checks: {}, stopping: stopping.signal });
    expect((await ask()).status).toBe(200);
    stopping.abort();
    expect(await ask()).toEqual({ status: 503, text: "not ready\n", ...plain });
  });

  it("asks the neighbours once, however many ask it in the same moment, and anew afterwards", async () => {
    const MANY = 20;
    const counted = { asking: 0, checks: 0 };
    const crowd = new EventEmitter();
    const answers = [once(crowd, "complete"), Promise.resolve(false)];
    const mongodb = () => answers[counted.checks++];
    const ask = await open({ checks: { mongodb } }, () => {
      counted.asking += 1;
      if (counted.asking === MANY) crowd.emit("complete");
    });
    const together = await Promise.all(Array.from({ length: MANY }, () => ask()));
    expect(together.map(({ status }) => status)).toEqual(Array.from({ length: MANY }, () => 200));
    expect((await ask()).status).toBe(503);
    expect(counted.checks).toBe(2);
  });
});
