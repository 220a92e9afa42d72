import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { OBJECT_MATCHER } from "./queries.ts";

const FOLDER = "tests/monitoring/alerts";

const story = z.object({
  /** The alert it is about. */
  name: z.string(),
  input_series: z.array(z.object({ series: z.string(), values: z.union([z.string(), z.number()]).transform(String) })),
  alert_rule_test: z.array(
    z.object({
      eval_time: z.string(),
      alertname: z.string(),
      exp_alerts: z
        .array(
          z.object({ exp_labels: z.record(z.string(), z.string()), exp_annotations: z.record(z.string(), z.string()) }),
        )
        .optional(),
    }),
  ),
});

/** What series do, minute by minute, and when an alert is to fire, in the words of `promtool test rules`. */
export type Story = z.output<typeof story>;

export const stories: readonly Story[] = (
  await Promise.all(
    (
      await readdir(FOLDER)
    ).map(async (file) => z.array(story).parse(parse(await readFile(`${FOLDER}/${file}`, "utf8")))),
  )
).flat();

/** The same happening elsewhere, which is nothing to our alerts. */
export const anothers = {
  namespace: stories.map((story) =>
    elsewhere(story, (series) => series.replace('namespace="prod"', 'namespace="shop"')),
  ),
  service: stories.map((story) => elsewhere(story, (series) => series.replaceAll(OBJECT_MATCHER, '$1$2"shop-'))),
};

function elsewhere(story: Story, moved: (series: string) => string): Story {
  return {
    ...story,
    input_series: story.input_series.map((one) => ({ ...one, series: moved(one.series) })),
    alert_rule_test: story.alert_rule_test.map(({ eval_time, alertname }) => ({ eval_time, alertname })),
  };
}
