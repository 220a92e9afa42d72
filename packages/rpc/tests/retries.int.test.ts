import { createServer } from "node:net";
import { DomainError } from "@botfactory/decider";
import { describe, expect, it } from "@jest/globals";
import { authenticator, client, serve, serviceIdentity } from "../src/index.ts";
import { EchoService } from "./proto/gen/echo_pb.ts";
import { access, echoing, echoServer, errorOf, KEY, logbook } from "./support/echo.ts";

/** A port nobody listens on yet. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("a service that is not there yet", () => {
  it("is asked again by an idempotent method until it is, and at once reported by any other", async () => {
    const port = await freePort();
    const web = client(EchoService, {
      url: `127.0.0.1:${port}`,
      identity: serviceIdentity({ name: "web", key: KEY }),
      deadlineMs: 5_000,
    });
    expect(await errorOf(web.echo({}))).toMatchObject({ kind: "unavailable" });
    const patient = web.echoAgain({ text: "at last" });
    const server = await serve({
      service: EchoService,
      methods: echoing(),
      access,
      authenticate: authenticator({ serviceAuthKey: KEY }),
      logger: logbook(),
      port,
      host: "127.0.0.1",
    });
    expect((await patient).text).toBe("at last");
    web.close();
    await server.drain(0);
  });
});

describe("a service that answers 'unavailable' itself", () => {
  it("is asked once, also by an idempotent method", async () => {
    let asked = 0;
    const echoAgain = async () => {
      asked += 1;
      throw new DomainError("unavailable", "ai_overloaded");
    };
    const server = await echoServer({ methods: { ...echoing(), echoAgain } });
    expect(await errorOf(server.web.echoAgain({}))).toMatchObject({ code: "ai_overloaded" });
    await server.stop();
    expect(asked).toBe(1);
  });
});
