import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../e2e/support/until.ts";
import { type Balancer, balancer } from "./balancer.ts";
import { portOf } from "./port-of.ts";

let webhooks: Balancer;
const asked: ServerResponse[] = [];
let atOnce = 0;
let mostAtOnce = 0;

/** Says nothing to the first question, and yes to all that follow. */
const admin = createServer((_request, response) => {
  atOnce += 1;
  mostAtOnce = Math.max(mostAtOnce, atOnce);
  response.once("close", () => {
    atOnce -= 1;
  });
  if (asked.push(response) > 1) response.end();
});

beforeAll(async () => {
  await once(admin.listen(0, "127.0.0.1"), "listening");
  webhooks = await balancer();
});
afterAll(async () => {
  await webhooks.close();
  admin.closeAllConnections();
  admin.close();
});

describe("the balancer of a storm", () => {
  it("asks a process again only when the last answer has come or is given up, so that none overtakes another", async () => {
    webhooks.serve([{ port: 1, adminPort: portOf(admin) }]);
    await until(
      "the first question is given up",
      async () => asked[0]?.destroyed === true || asked[0]?.closed === true,
    );
    await until("it is found ready", async () => asked.length > 1 && webhooks.sendsTo(1));
    expect(mostAtOnce).toBe(1);
  });
});
