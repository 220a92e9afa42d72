import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type NatsKeys, natsAccounts, newNatsKeys, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { headers } from "nats";
import { connectAs } from "../../../tests/setup/nats-user.ts";
import { REPOSITORY } from "../../../tests/setup/repository.ts";
import { provisionAll } from "../../cli/src/provision-all.ts";
import { writeSeeds } from "../src/nats-keys.ts";

const MINUTE = 60_000;
const TOKEN = "7312345678:AAH9canaryCanaryCanaryCanary_canary-9";
const PROGRAM = join(REPOSITORY, "tools", "operator", "dist", "main.js");

let directory: string;
let keys: NatsKeys;
let server: StartedNats;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-quarantine-"));
  keys = newNatsKeys();
  server = await freshNats({ accounts: natsAccounts(keys) });
  await writeSeeds(directory, keys);
  await provisionAll(REPOSITORY, {
    ...process.env,
    NATS_URL: urlOf("provision"),
    NATS_SYNC: "stated",
    LOG_LEVEL: "warn",
  });
  await setAside("ingress", "bot-a", { "Quarantine-Reason": "not_json" }, `\u001b[2J{ ${TOKEN}`);
  const why = { "Quarantine-Reason": "internal", "Telegram-Update-Id": "4711", traceparent: "00-0af7-b7ad-01" };
  await setAside("conversation", "bot-b", why, `{"update_id":4711,"message":{"text":"hello"}}`);
  await setAside("ingress", "bot-a", { "Quarantine-Reason": "too_deep" }, "[");
}, MINUTE);
afterAll(async () => {
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

const urlOf = (user: keyof NatsKeys) => `${server.url}?nkey=${join(directory, `${user}.nk`)}`;

/** As the service does whose user it is. */
async function setAside(
  service: "ingress" | "conversation",
  botId: string,
  ...[why, body]: [Readonly<Record<string, string>>, string]
): Promise<void> {
  const nats = await connectAs(server.url, service, keys[service].seed);
  const all = headers();
  for (const [name, value] of Object.entries(why)) all.set(name, value);
  await nats.jetstream().publish(`quarantine.${service}.${botId}`, body, { headers: all });
  await nats.close();
}

/** The command as the user `auditor`, or another one. */
function quarantine(words: readonly string[], user: keyof NatsKeys = "auditor") {
  const env = { ...process.env, NATS_URL: urlOf(user) };
  return new Promise<{ code: number; output: string }>((done) => {
    execFile(process.execPath, [PROGRAM, "quarantine", ...words], { env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe("botfactory quarantine, as the auditor", () => {
  it("lists what was set aside, and nothing of what people wrote", async () => {
    const { code, output } = await quarantine([]);
    expect(output).toMatch(/^1 {2}\d{4}-.*Z {2}ingress {2}bot bot-a {2}not_json {2}no update id$/m);
    expect(output).toMatch(/^2 {2}\d{4}-.*Z {2}conversation {2}bot bot-b {2}internal {2}update 4711$/m);
    expect(output).toMatch(/^3 shown, 3 in QUARANTINE$/m);
    expect(output).not.toContain("hello");
    expect(code).toBe(0);
  });

  it("lists one bot's, and the newest alone", async () => {
    const ofBot = JSON.parse((await quarantine(["list", "--bot", "bot-a", "--json"])).output);
    expect(ofBot.messages.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 3]);
    const [newest, ...older] = JSON.parse((await quarantine(["list", "--last", "1", "--json"])).output).messages;
    expect([newest.sequence, newest.reason, older]).toEqual([3, "too_deep", []]);
  });

  it("shows one with its update and trace, and its text only when asked", async () => {
    const { output } = await quarantine(["show", "2"]);
    expect(output).toMatch(/^subject: quarantine\.conversation\.bot-b$/m);
    expect(output).toMatch(/^traceparent: 00-0af7-b7ad-01$/m);
    expect(output).not.toContain("hello");
    expect((await quarantine(["show", "2", "--body"])).output).toContain(`"text":"hello"`);
  });

  it("never shows a token, and commands no terminal", async () => {
    const { output } = await quarantine(["show", "1", "--body"]);
    expect(output).toContain("\\u001b[2J{ [redacted]");
    expect(output).not.toContain(TOKEN);
  });

  it("says that there is no such message", async () => {
    const { code, output } = await quarantine(["show", "99"]);
    expect([code, output]).toEqual([1, "error: QUARANTINE has no message 99: it keeps them for 30 days\n"]);
    expect((await quarantine(["show", "all"])).code).toBe(1);
  });

  it(
    "says to another user who may",
    async () => {
      const { code, output } = await quarantine([], "ai");
      expect(code).toBe(1);
      expect(output).toMatch(/^error: .*auditor/m);
    },
    MINUTE,
  );
});
