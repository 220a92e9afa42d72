import { once } from "node:events";
import { createServer } from "node:http";
import { simulatorClient, startSimulator } from "@botfactory/simulator";
import { describe, expect, it } from "@jest/globals";
import { DEMO_BOTS } from "../src/demo/demo-bots.ts";
import { seedDemo } from "../src/demo/seed-demo.ts";

/** Keycloak and web in one, as far as the demo asks them; it knows the bots it was given. */
async function product() {
  const bots: { id: string; telegramUsername: string }[] = [];
  let failures = 0;
  const simulator = await startSimulator();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    const text = (await request.setEncoding("utf8").toArray()).join("");
    if (request.url === "/token") return answer(200, { access_token: "t" });
    if (request.url === "/api/v1/me") return answer(200, { owner: { id: "aziza" } });
    if (request.url !== "/api/v1/bots") return answer(200, {});
    if (request.method === "GET") return answer(200, { bots });
    if (failures > 0) {
      failures -= 1;
      return answer(503, {});
    }
    const { telegramToken } = JSON.parse(text);
    const known = await simulatorClient(simulator.url).bot(Number.parseInt(telegramToken, 10)).get();
    const bot = { id: `${known.id}`, telegramUsername: known.username };
    bots.push(bot);
    return answer(201, bot);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const web = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const place = { web, simulator: simulator.url, keycloak: { clientId: "cli", tokenEndpoint: `${web}/token` } };
  return {
    bots,
    seed: () => seedDemo(place),
    failNext: () => {
      failures = 1;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await simulator.stop();
    },
  };
}

const names = DEMO_BOTS.map(({ username }) => username);

describe("the demo", () => {
  it.each<[string, (demo: Awaited<ReturnType<typeof product>>) => Promise<void>]>([
    [
      "whose first try failed half-way",
      async (demo) => {
        demo.failNext();
        await expect(demo.seed()).rejects.toThrow("answered 503");
      },
    ],
    [
      "one of whose bots was deleted",
      async (demo) => {
        await demo.seed();
        demo.bots.splice(1, 1);
      },
    ],
  ])("%s is seeded again, with the same bots of Telegram", async (_, before) => {
    const demo = await product();
    try {
      await before(demo);
      await demo.seed();
      expect(demo.bots.map(({ telegramUsername }) => telegramUsername).sort()).toEqual([...names].sort());
    } finally {
      await demo.stop();
    }
  });
});
