import { connect } from "node:net";
import { Client, credentials, loadPackageDefinition, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "@jest/globals";
import { service as healthService } from "grpc-health-check";
import { serviceIdentity } from "../src/index.ts";
import { echoing, echoServer, errorOf, KEY } from "./support/echo.ts";

const opened: { stop(): Promise<void> }[] = [];
const open: typeof echoServer = async (setup) => {
  const server = await echoServer(setup);
  opened.push(server);
  return server;
};
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

const raw = (bytes: Buffer) => bytes;

/** Sends bytes as they are, in the name of web. */
async function sendBytes(url: string, bytes: Buffer): Promise<ServiceError | null> {
  const channel = new Client(url, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${await serviceIdentity({ name: "web", key: KEY })()}`);
  const error = await new Promise<ServiceError | null>((resolve) => {
    channel.makeUnaryRequest("/botfactory.rpctest.v1.EchoService/Echo", raw, raw, bytes, metadata, resolve);
  });
  channel.close();
  return error;
}

/** An EchoRequest whose field `anything` is a Struct in a Struct in a Struct. */
function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) {
    const value = field(5, inner);
    inner = field(1, field(2, value));
  }
  return field(3, inner);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

describe("a server given bytes nobody should send", () => {
  const cases: [string, Buffer][] = [
    ["cut in the middle", Buffer.from([0x0a, 0x7f, 0x41])],
    ["that are no message", Buffer.from("ffffffffffffffffffff", "hex")],
    ["nested 5,000 deep", nested(5_000)],
    ["nested 10,000 deep", nested(10_000)],
  ];
  it.each(cases)("%s answers an error or an answer, and goes on", async (_name, bytes) => {
    const { url, web } = await open();
    const error = await sendBytes(url, bytes);
    if (error !== null) expect([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]).toContain(error.code);
    expect((await web.echo({ text: "still here" })).text).toBe("still here");
  });
});

describe("a message over 1 MiB", () => {
  it("is refused by the server too, whatever the client allows itself", async () => {
    const { url } = await open();
    const error = await sendBytes(url, field(6, Buffer.alloc(1_048_577)));
    expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
  });
});

describe("the health service", () => {
  const { Health } = loadPackageDefinition({ Health: healthService });

  it("answers without a token, and says no as soon as the server drains", async () => {
    const { url, server, web } = await open({ methods: slow() });
    if (typeof Health !== "function") throw new Error("no health service");
    const health = new Health(url, credentials.createInsecure());
    const watch = health["watch"]?.({ service: "botfactory.rpctest.v1.EchoService" });
    const states = watch[Symbol.asyncIterator]();
    expect((await states.next()).value).toEqual({ status: "SERVING" });
    const running = web.echo({ text: "running" });
    await slowCall;
    const drained = server.drain(5_000);
    expect((await states.next()).value).toEqual({ status: "NOT_SERVING" });
    watch.on("error", () => undefined).cancel();
    answerSlowCall();
    expect((await running).text).toBe("running");
    await drained;
    health.close();
  });

  let answerSlowCall: () => void;
  let slowCall: Promise<void>;
  function slow() {
    let arrived: () => void;
    slowCall = new Promise((resolve) => {
      arrived = resolve;
    });
    const answered = new Promise<void>((resolve) => {
      answerSlowCall = resolve;
    });
    return {
      ...echoing(),
      echo: async ({ text }: { text: string }) => {
        arrived();
        await answered;
        return { text };
      },
    };
  }
});

describe("a server that stops", () => {
  it("ends calls that do not finish in time, which their callers see as unavailable", async () => {
    let arrived: () => void = () => undefined;
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const hang = () => {
      arrived();
      return new Promise<never>(() => undefined);
    };
    const { server, web } = await open({ methods: { ...echoing(), echo: hang }, deadlineMs: 20_000 });
    const outcome = errorOf(web.echo({}));
    await called;
    await server.drain(50);
    expect(await outcome).toMatchObject({ kind: "unavailable" });
  });

  it("takes no connection afterwards", async () => {
    const { server, url } = await open();
    await server.drain(50);
    const socket = connect(server.port, url.split(":")[0]);
    await expect(new Promise((resolve, reject) => socket.on("connect", resolve).on("error", reject))).rejects.toThrow(
      "ECONNREFUSED",
    );
  });
});

describe("a connection that has grown old", () => {
  it("is replaced without a failed call", async () => {
    const { web } = await open({ connectionAgeMs: 100 });
    const until = Date.now() + 800;
    let calls = 0;
    while (Date.now() < until) {
      expect((await web.echo({ text: "on" })).text).toBe("on");
      calls += 1;
    }
    expect(calls).toBeGreaterThan(10);
  });
});
