import type { Bench } from "../harness/bench.ts";
import { figure, median } from "../harness/statistics.ts";
import { chatsFrom, post, saturating, type Webhook } from "../world/post.ts";
import { textUpdate } from "../world/updates.ts";
import type { World } from "../world/world.ts";

const CHATS = chatsFrom(800_000, 40);
const WARM_TURNS = 400;
const TURNS_A_ROUND = 20;
const MODEL_MS = 100;
const PAUSE_MS = 200;
const STREAMS = ["updates", "conversations", "quotas"] as const;

const STEPS = [
  "ingress hands the update to the log",
  "conversation claims the turn",
  "ai reserves the call and charges the owner",
  "the model is asked",
  "the model has answered",
  "conversation stores the draft",
  "sendMessage has arrived",
] as const;

/** When the steps of one turn came, ms since the post. */
type Moments = readonly number[];

/** One turn at a time, step by step, as the log's own traffic and the model's calls show it. */
export const steps: Bench = {
  name: "steps",
  title: "Where the delay of one turn comes from",
  minutes: 1,
  async run({ world, product: started, rounds }) {
    const product = await started();
    const { webhook } = await product.connectBot();
    world.modelMs = 0;
    await saturating(world, webhook, { count: WARM_TURNS, chats: CHATS });
    world.modelMs = MODEL_MS;
    const heard: { stream: string; at: number }[] = [];
    const ears = STREAMS.map((stream) =>
      product.nats.subscribe(`${stream}.>`, { callback: () => heard.push({ stream, at: performance.now() }) }),
    );
    const all: Moments[] = [];
    for (let turn = 0; turn < rounds * TURNS_A_ROUND; turn += 1) {
      heard.length = 0;
      const { begun, reply } = await oneTurn(world, webhook, CHATS[turn % CHATS.length] ?? 1);
      const times = (stream: (typeof STREAMS)[number]) =>
        heard.filter((it) => it.stream === stream).map(({ at }) => at);
      const [update = 0] = times("updates");
      const [claim = 0, draft = 0] = times("conversations");
      const [reserved = 0] = times("quotas");
      const { askedAt, modelMs, at } = reply;
      all.push([update, claim, reserved, askedAt, askedAt + modelMs, draft, at].map((moment) => moment - begun));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    for (const ear of ears) ear.unsubscribe();
    return report(all);
  },
};

async function oneTurn(world: World, webhook: Webhook, chatId: number) {
  const { mark, body } = textUpdate(chatId);
  const begun = performance.now();
  const [reply] = await Promise.all([world.reply(mark, 60_000), post(webhook, body)]);
  return { begun, reply };
}

function report(all: readonly Moments[]) {
  const since = (moments: Moments, step: number) => (moments[step] ?? 0) - (step === 0 ? 0 : (moments[step - 1] ?? 0));
  const rows = STEPS.map((name, step) => [
    name,
    figure(median(all.map((moments) => since(moments, step)))),
    figure(median(all.map((moments) => moments[step] ?? 0))),
  ]);
  return {
    tables: [
      {
        title: `${all.length} turns, one at a time, model ${MODEL_MS} ms; medians in ms`,
        columns: ["", "since the step before", "since the post"],
        rows,
        note: "A step counts from when its message reaches the log's server, so storing it belongs to the step after. `ai reserves` to `the model is asked` is the atomic batch and reading it back.",
      },
    ],
  };
}
