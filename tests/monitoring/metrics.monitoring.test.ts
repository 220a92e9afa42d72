import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { startTestStack, type TestStack } from "../e2e/support/test-stack.ts";
import { until } from "../e2e/support/until.ts";
import { type Prometheus, startPrometheus } from "./support/prometheus.ts";
import { alertQueries, panelQueries, readBy } from "./support/queries.ts";
import { CHAT, playScene, type Scene } from "./support/scene.ts";
import { promtool } from "./support/tools.ts";

// Nothing is counted here until something is broken.
const RARE = ["botfactory_log_damage_total"];
/** What kube-state-metrics shows, which is not here. */
const OF_KUBERNETES = /^kube_/;
const SERVICES = ["ingress", "bots", "conversation", "ai", "web"];

let stack: TestStack;
let prometheus: Prometheus;
let scene: Scene;

beforeAll(async () => {
  stack = await startTestStack({ env: { GEMINI_RPM: "60", GEMINI_RPD: "1500" } });
  prometheus = await startPrometheus(stack);
  scene = await playScene(stack);
  const refused = 'botfactory_conversation_turns_total{outcome="refused",cause="ai_blocked"}';
  await until(
    "what happened was scraped more than once",
    async () => (await sampleOf(`count_over_time(${refused}[1m])`)) > 3,
  );
  await scene.goOn();
}, 180_000);
afterAll(async () => {
  await prometheus?.stop();
  await stack?.stop();
}, 60_000);

const vector = z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) });

async function samples(query: string): Promise<readonly number[]> {
  const { data } = await prometheus.ask("query", { query });
  return vector.parse(data).result.map(({ value }) => Number(value[1]));
}

/** Of a query with one sample; -1 while it has none. */
async function sampleOf(query: string): Promise<number> {
  return (await samples(query))[0] ?? -1;
}

describe("Prometheus", () => {
  it("scrapes all five services", async () => {
    expect(await samples("up")).toEqual(SERVICES.map(() => 1));
    expect(await samples("sum(scrape_samples_scraped)")).toEqual([expect.any(Number)]);
    expect(prometheus.said()).not.toMatch(/level=(WARN|ERROR)/i);
  });

  it.each(SERVICES)("finds nothing to mend in what %s shows", async (name) => {
    const process = stack.processes.find((one) => one.name === name);
    const shown = await (await fetch(`http://127.0.0.1:${process?.adminPort}/metrics`)).text();
    expect(await promtool(["check", "metrics"], shown)).toEqual({ isFine: true, said: "\n" });
  });

  it("has every metric the alerts and dashboards read", async () => {
    const { data } = await prometheus.ask("label/__name__/values");
    const known = new Set([...z.array(z.string()).parse(data), ...RARE]);
    const read = [...alertQueries, ...panelQueries].flatMap(({ expr }) => readBy(expr).names);
    expect([...new Set(read)].filter((name) => !known.has(name) && !OF_KUBERNETES.test(name))).toEqual([]);
  });

  it("takes every alert, and none fires where nothing is wrong", async () => {
    const rule = z.object({ name: z.string(), health: z.string(), state: z.string() });
    const groups = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) });
    const { data } = await prometheus.ask("rules");
    const rules = groups.parse(data).groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(alertQueries.length);
    expect(rules.filter(({ health, state }) => health !== "ok" || state !== "inactive")).toEqual([]);
  });

  it.each([...alertQueries, ...panelQueries])("answers $where without a word of doubt", async ({ expr: query }) => {
    const now = Date.now() / 1_000;
    const range = { query, start: `${now - 60}`, end: `${now}`, step: "5" };
    const fine = expect.objectContaining({ status: "success", warnings: [], infos: [] });
    expect(await prometheus.ask("query", { query })).toEqual(fine);
    expect(await prometheus.ask("query_range", range)).toEqual(fine);
  });

  it.each(panelQueries)("has something to draw for $where", async ({ expr }) => {
    await until("a figure", async () => (await samples(expr)).some(Number.isFinite), 10_000);
  });

  it("has no label with a bot's, a chat's or a person's id, or a secret", async () => {
    const { data } = await prometheus.ask("series", { "match[]": '{job="botfactory"}' });
    const series = z.array(z.record(z.string(), z.string())).parse(data);
    const values = [...new Set(series.flatMap((labels) => Object.values(labels)))];
    const { bot, ownerId, webhookSecret } = scene;
    const ids = [bot.id, bot.token, bot.username, ownerId, webhookSecret, `${bot.telegramId}`, `${CHAT}`];
    expect(values.filter((value) => ids.some((id) => value.includes(id)))).toEqual([]);
    // Whatever they belong to: an UUID, or a number as long as Telegram's.
    expect(values.filter((value) => /[0-9a-f]{8}-[0-9a-f]{4}-|\d{7}/.test(value))).toEqual([]);
  });
});
