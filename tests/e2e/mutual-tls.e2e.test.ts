import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  certificateAuthority,
  serviceCertificate,
  writeTlsFiles,
} from "../../packages/rpc/tests/support/certificates.ts";
import { SERVICES } from "../../tools/cli/src/service-process.ts";
import { type ConnectedBot, connectBot } from "./support/bots.ts";
import type { Owner } from "./support/people.ts";
import { refusalOf, rpc } from "./support/rpc.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

// As the chart has them made.
const USES = {
  bots: ["serverAuth"],
  ai: ["serverAuth"],
  conversation: ["serverAuth", "clientAuth"],
  web: ["clientAuth"],
  ingress: ["clientAuth"],
} as const;

let home: string;
let stack: TestStack;
let owner: Owner;
let bot: ConnectedBot;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "botfactory-e2e-tls-"));
  const authority = certificateAuthority();
  const certified = SERVICES.map(async (name) => {
    const issued = serviceCertificate(authority, name, { uses: USES[name] });
    const { cert, key, ca } = await writeTlsFiles(join(home, name), issued, authority.pem);
    return [name, { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CA_FILE: ca }] as const;
  });
  const filesOf = new Map(await Promise.all(certified));
  stack = await startTestStack({
    replicas: { bots: 2 },
    // So that ingress calls bots too.
    env: { TELEGRAM_UPDATES: "polling" },
    envOf: ({ name }) => filesOf.get(name) ?? {},
  });
  owner = await stack.people.owner("aziza");
  bot = await connectBot(stack, owner);
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await rm(home, { recursive: true });
}, 60_000);

describe("the whole product with a certificate for each service", () => {
  it("answers a message", async () => {
    await stack.telegram.user(1).send(bot.telegramId, "What is love?");
    const [reply] = await stack.telegram.waitForReply({
      botId: bot.telegramId,
      chatId: 1,
      count: 1,
      timeoutMs: 30_000,
    });
    expect(reply?.text).toContain("What is love?");
  });

  it("shows the owner what was said and what it cost", async () => {
    const messages = () => owner.call("GET", `/bots/${bot.id}/chats/1/messages`);
    await until("the messages are listed", async () => (await messages()).text.includes("What is love?"));
    expect((await owner.call("GET", "/me")).body).toMatchObject({ usage: { bots: 1, today: { messages: 1 } } });
    const test = await owner.call("POST", `/bots/${bot.id}/test-chat`, { text: "Who are you?" });
    expect(test).toMatchObject({ status: 200 });
  });

  it("gives nothing to who holds the services' key but no certificate", async () => {
    const thief = rpc(stack, { service: "conversation" });
    expect(await refusalOf(thief.bots.getBotForReply({ botId: bot.id }))).toBe("unavailable");
    thief.close();
  });
});
