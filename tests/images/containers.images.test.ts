import { simulatorClient } from "@botfactory/simulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { choosePlan, connectBot } from "../e2e/support/bots.ts";
import { people } from "../e2e/support/people.ts";
import { buildImages, PROCESSES } from "./build.ts";
import type { Container } from "./container.ts";
import { type Product, startProduct } from "./product.ts";

const MINUTE = 60_000;
const names = PROCESSES.map(([name]) => name);

let product: Product;

beforeAll(async () => {
  await buildImages("first");
  product = await startProduct();
}, 30 * MINUTE);
afterAll(() => product?.stop(), 2 * MINUTE);

function containerOf(name: (typeof names)[number]): Container {
  const container = product.containers.get(name);
  if (container === undefined) throw new Error(`no container of ${name}`);
  return container;
}

describe.each(names)("a container of %s", (name) => {
  it("runs as nobody special, with no capability", async () => {
    const status = await containerOf(name).print(
      `console.log(process.getuid(), /CapEff:\\s*(\\w+)/.exec(require("node:fs").readFileSync("/proc/1/status"))[1])`,
    );
    expect(status).toBe("1000 0000000000000000");
  });

  it.each(["/app", "/app/process/", "/tmp", "/home/node", "/data"])("cannot write to %s", async (folder) => {
    const tried = await containerOf(name).print(
      `try { require("node:fs").writeFileSync("${folder}/written", ""); console.log("written") } catch ({ code }) { console.log(code) }`,
    );
    expect(tried).toBe("EROFS");
  });
});

describe("the product in containers", () => {
  it(
    "answers a message",
    async () => {
      const telegram = simulatorClient(product.telegram);
      const users = people(product.web, product.keycloak);
      const owner = await users.owner("aziza");
      await choosePlan({ people: users }, owner, "premium");
      const bot = await connectBot({ telegram }, owner);
      await telegram.user(1).send(bot.telegramId, "Is it read-only?");
      const [reply] = await telegram.waitForReply({ botId: bot.telegramId, chatId: 1, count: 1, timeoutMs: 30_000 });
      expect(reply?.text).toContain("Is it read-only?");
    },
    MINUTE,
  );

  it(
    "stops when it is told to",
    async () => {
      const codes = await Promise.all(names.map((name) => containerOf(name).stop()));
      product.containers.clear();
      expect(codes).toEqual(names.map(() => 0));
    },
    2 * MINUTE,
  );
});
