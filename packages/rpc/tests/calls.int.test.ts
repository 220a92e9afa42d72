import { DomainError, type DomainErrorKind } from "@botfactory/decider";
import { afterEach, describe, expect, it } from "@jest/globals";
import { STATUS_OF_KIND } from "../src/index.ts";
import { echoServer, errorOf, failing, refusal } from "./support/echo.ts";

const opened: { stop(): Promise<void> }[] = [];
const open: typeof echoServer = async (setup) => {
  const server = await echoServer(setup);
  opened.push(server);
  return server;
};
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

describe("a call between services", () => {
  it("brings the request there and the response back", async () => {
    const { web } = await open();
    const { text, caller } = await web.echo({ text: "salom, мир \u{1F600}" });
    expect([text, caller]).toEqual(["salom, мир \u{1F600}", "web"]);
  });

  it("streams answers in order", async () => {
    const { clientOf } = await open({ allow: { echo: [], echoAgain: [], count: ["web"] } });
    const numbers: number[] = [];
    for await (const { number } of clientOf("web").count({ times: 500 })) numbers.push(number);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  it.each(Object.keys(STATUS_OF_KIND) as DomainErrorKind[])("brings a refusal of kind %s back whole", async (kind) => {
    const { web } = await open({ methods: failing(new DomainError(kind, "some_code", { params: { limit: "1" } })) });
    const error = await errorOf(web.echoAgain({}));
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ kind, code: "some_code", params: { limit: "1" }, cause: expect.any(Error) });
  });

  it("brings a refusal in the middle of a stream back whole", async () => {
    const { web } = await open({ methods: failing(refusal), allow: { echo: [], echoAgain: [], count: ["web"] } });
    const { kind, code, params } = refusal;
    expect(await errorOf(web.count({}))).toMatchObject({ kind, code, params });
  });

  it("tells nothing of a crash but writes its cause into the log", async () => {
    const { web, logger } = await open({ methods: failing(new Error("mongodb://user:hunter2@db is down")) });
    const error = await errorOf(web.echo({}));
    expect(error).not.toBeInstanceOf(DomainError);
    expect(JSON.stringify([String(error), Object(error).cause.details])).not.toContain("hunter2");
    expect(Object(error).cause.details).toBe("internal error");
    expect(logger.errors).toEqual([
      {
        message: "a call crashed",
        fields: expect.objectContaining({
          err: expect.objectContaining({ message: expect.stringContaining("hunter2") }),
        }),
      },
    ]);
  });

  it("refuses a request over 1 MiB", async () => {
    const { web } = await open();
    expect(await errorOf(web.echo({ text: "x".repeat(1_100_000) }))).toMatchObject({
      kind: "exhausted",
      code: "body_too_large",
    });
  });
});
