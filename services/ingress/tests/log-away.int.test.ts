import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Ingress } from "../src/start-ingress.ts";
import { messagesOf, post, type RegisteredBot, type Stage, stage, until, updateOf } from "./stage.ts";

let dataDirectory: string;
let scene: Stage;
let ingress: Ingress;
let ada: RegisteredBot;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "ingress-"));
  scene = await stage({ dataDirectory });
  ada = await scene.register("ada");
  ingress = await scene.start();
});
afterAll(async () => {
  await scene.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

const send = (updateId: number) => post(ingress, ada.botId, { secret: ada.secret, body: updateOf(updateId) });
const storedIds = async () =>
  (await messagesOf(scene.nats, "UPDATES")).map(({ header }) => Number(header.get("Telegram-Update-Id")));

async function timed(work: () => Promise<Response>) {
  const since = performance.now();
  const response = await work();
  return { response, tookMs: performance.now() - since };
}

/** A process is asked to stop; on a busy machine it still answers for a moment, until it is. */
async function stopped(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await until(async () => (await promisify(execFile)("ps", ["-o", "state=", "-p", `${pid}`])).stdout.startsWith("T"));
}

describe("while the log is away", () => {
  it("an update is answered 503 with Retry-After within 3 s, and nothing acknowledged is lost afterwards", async () => {
    expect((await send(1)).status).toBe(200);
    await scene.stopServer();
    const { response, tookMs } = await timed(() => send(2));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(tookMs).toBeLessThan(1_000);
    expect((await fetch(`http://127.0.0.1:${ingress.adminPort}/readyz`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${ingress.adminPort}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${ingress.port}/healthz`)).status).toBe(503);

    await scene.returnServer();
    for (const updateId of [2, 3]) await until(async () => (await send(updateId)).status === 200);
    expect(await storedIds()).toEqual([1, 2, 3]);
  });

  it("the table of webhooks goes on with what is registered after the return", async () => {
    const late = await scene.register("late");
    await until(async () => (await post(ingress, "late", { secret: late.secret, body: updateOf(1) })).status === 200);
  });
});

describe("while the log does not answer", () => {
  it("an update is answered 503 within 3 s, and stored once when Telegram repeats it", async () => {
    const { pid } = scene.server();
    if (pid === undefined) throw new Error("needs a server of this machine");
    await stopped(pid);
    const { response, tookMs } = await timed(() => send(10));
    process.kill(pid, "SIGCONT");
    expect(response.status).toBe(503);
    expect(tookMs).toBeLessThan(3_000);
    await until(async () => (await send(10)).status === 200);
    expect((await storedIds()).filter((id) => id === 10)).toEqual([10]);
  });
});
