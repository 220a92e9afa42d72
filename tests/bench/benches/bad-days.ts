import type { Bench } from "../harness/bench.ts";
import { startGrammy } from "../harness/rivals.ts";
import { interleaved, over, type Rounds } from "../harness/rounds.ts";
import { spread } from "../harness/statistics.ts";
import { pace } from "../world/pace.ts";
import { chatsFrom, postUntilTaken, type Webhook } from "../world/post.ts";
import { textUpdate } from "../world/updates.ts";
import { FAIR_WEATHER, type Weather } from "../world/weather.ts";
import type { World } from "../world/world.ts";

const CHATS = chatsFrom(800_000, 200);
const A_SECOND = 25;
const MODEL_MS = 300;
const WITHIN_MS = 60_000;
const SHARE = 0.2;

const WEATHERS: readonly { readonly name: string; readonly weather: Weather }[] = [
  { name: "sendMessage fails", weather: { ...FAIR_WEATHER, failedSends: SHARE } },
  { name: "Gemini says 429", weather: { ...FAIR_WEATHER, refusedCalls: SHARE } },
];

/** What became of one message to each chat. */
interface Outcome {
  readonly answered: number;
  /** Got a message that is not the model's answer: why there is none. */
  readonly told: number;
  readonly callsPerAnswer: number;
  readonly earlySends: number;
}

/** Messages while a fifth of the calls outside fail: who is answered, and what it costs. */
export const badDays: Bench = {
  name: "bad-days",
  title: "While Telegram or Gemini refuse a fifth",
  minutes: 7,
  async run({ world, product: started, rounds, progress }) {
    const product = await started();
    const { webhook } = await product.connectBot();
    const grammy = await startGrammy(world);
    world.modelMs = MODEL_MS;
    try {
      const contenders = WEATHERS.flatMap(({ name, weather }) => [
        { name: ours(name), measure: () => outcome(world, webhook, weather) },
        { name: theirs(name), measure: () => outcome(world, grammy.webhook, weather) },
      ]);
      return report(await interleaved(contenders, rounds, progress));
    } finally {
      world.turnWeather(FAIR_WEATHER);
      await grammy.stop();
    }
  },
};

const ours = (weather: string) => `${weather}: BotFactory`;
const theirs = (weather: string) => `${weather}: grammY`;

async function outcome(world: World, webhook: Webhook, weather: Weather): Promise<Outcome> {
  world.turnWeather(weather);
  const [calls, replies] = [world.modelCalls(), world.replies()];
  const replied: Promise<boolean>[] = [];
  const turnOf = pace(A_SECOND);
  for (const [index, chat] of CHATS.entries()) {
    await turnOf(index);
    const { mark, body } = textUpdate(chat);
    // What Telegram does not get rid of is told by the missing reply.
    void postUntilTaken(webhook, body).catch(() => undefined);
    replied.push(world.reply(mark, WITHIN_MS).then(Boolean, () => false));
  }
  const answered = (await Promise.all(replied)).filter(Boolean).length;
  return {
    answered,
    told: world.replies() - replies - answered,
    callsPerAnswer: (world.modelCalls() - calls) / answered,
    earlySends: world.earlySends(),
  };
}

function report(measured: Rounds<Outcome>) {
  const all = (name: string, pick: (outcome: Outcome) => number) => over(measured, name, pick);
  const row = (name: string) => [
    name,
    spread(all(name, ({ answered }) => answered)),
    spread(all(name, ({ told }) => told)),
    spread(all(name, ({ callsPerAnswer }) => callsPerAnswer)),
    spread(all(name, ({ earlySends }) => earlySends)),
  ];
  const [sends, gemini] = WEATHERS.map(({ name }) => ours(name)) as [string, string];
  const unanswered = [sends, gemini].flatMap((name) => all(name, (seen) => CHATS.length - seen.answered));
  const calls = Math.max(...all(sends, ({ callsPerAnswer }) => callsPerAnswer));
  const early = Math.max(...[sends, gemini].flatMap((name) => all(name, ({ earlySends }) => earlySends)));
  return {
    tables: [
      {
        title: `${CHATS.length} messages, ${A_SECOND} a second, model ${MODEL_MS} ms, ${SHARE * 100} % of the calls fail`,
        columns: ["", "answered", "told why not", "model calls an answer", "sends before `retry_after`"],
        rows: WEATHERS.flatMap(({ name }) => [row(ours(name)), row(theirs(name))]),
        note: `Posts are repeated until they are taken, as Telegram does. Every second failed send is a 429 with a retry_after of a second, the others are 500.`,
      },
    ],
    goals: [
      {
        id: "G10",
        goal: "all answered, no model call repeated for a failed send, retry_after kept",
        measured: `unanswered at most ${Math.max(...unanswered)}, ${calls.toFixed(2)} calls an answer, ${early} early sends`,
        met: Math.max(...unanswered) === 0 && calls <= 1 && early === 0,
      },
    ],
  };
}
