import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { residentMb } from "../support/memory.ts";
import { countOf, isFull, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { tally } from "../support/tally.ts";
import { everything, fatesOf } from "./fates.ts";
import { anyForgedPost, anyPost, expectedStatuses, isStored, type Post } from "./post.ts";
import { type Answer, send } from "./raw-http.ts";
import { type WebhookStage, webhookStage } from "./stage.ts";

const AT_ONCE = 20;
const WARM_UP = 300;
const posts = countOf({ short: 1_000, full: 20_000 });
const forgedPosts = countOf({ short: 400, full: 10_000 });
const GROWTH_MB = 50;

let stage: WebhookStage;

beforeAll(async () => {
  stage = await webhookStage();
}, 240_000);
afterAll(() => stage?.close(), 60_000);

/** Sends all posts, some at once; the first that is answered wrongly is sent again by itself, smaller and smaller. */
async function sendAll(of: fc.Arbitrary<Post>, count: number, judgeOne: (post: Post) => Promise<void>): Promise<void> {
  const seed = seedOfRun();
  const wrong = await failuresOf(fc.sample(of, { seed, numRuns: count }), judgeOne);
  const [first] = wrong;
  if (first === undefined) return;
  await fc.assert(fc.asyncProperty(of, judgeOne), { seed, path: `${first.index}`, endOnFailure: false, numRuns: 1 });
  throw new Error(`${wrong.length} posts were answered wrongly, but only beside others`, { cause: first.reason });
}

async function failuresOf(all: readonly Post[], judgeOne: (post: Post) => Promise<void>) {
  const failures: { readonly index: number; readonly reason: unknown }[] = [];
  const queue = all.entries();
  const lane = async () => {
    for (const [index, post] of queue) {
      await judgeOne(post).catch((reason: unknown) => failures.push({ index, reason }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return failures.sort((a, b) => a.index - b.index);
}

function judge(post: Post, answers: readonly Answer[]): void {
  const got = answers.map(({ status }) => status);
  const expected = expectedStatuses(post);
  const wanted = [expected, ...alsoRight(post, expected)];
  expect(wanted).toContainEqual(got);
  for (const { status, body } of answers) if (status !== 400) expect(body).toMatch(/\{"ok":(true|false)\}/);
}

/** What the length of a body that is not what it says, or a body that is not taken, may make of the answer. */
function alsoRight({ frame }: Post, expected: readonly number[]): readonly (readonly number[])[] {
  if (frame === "too long" || frame === "too short") return [[400], [...expected, 400], []];
  // A connection that ends while the body is still on its way takes the refusal with it.
  return expected.every((status) => status === 200) ? [] : [[]];
}

describe("ingress under posts of any shape", () => {
  it(
    "answers each as documented, stores what is an update, and does not grow",
    async () => {
      const seconds = stopwatch();
      const statuses = tally();
      const { ingress, ada, victim } = stage;
      const known = { ...ada, others: victim.secret };
      const one = async (post: Post) => {
        const answers = await send(ingress.port, post, known);
        statuses.add(answers.map(({ status }) => status).join("+") || "silence");
        judge(post, answers);
      };
      for (const post of fc.sample(anyPost(), { seed: seedOfRun() + 1, numRuns: WARM_UP })) await one(post);
      const before = residentMb(ingress.pid());
      await sendAll(anyPost(), posts, one);
      const after = residentMb(ingress.pid());
      expect(ingress.crashes()).toBe(0);
      expect((after ?? 0) - (before ?? 0)).toBeLessThan(GROWTH_MB);
      for (const status of ["200", "401", "404", "415"]) expect(statuses.of(status)).toBeGreaterThan(0);
      report("webhook", { inputs: posts, seconds: seconds(), statuses: statuses.all(), rssMb: { before, after } });
    },
    timeFor(120_000),
  );

  it(
    "lets no forged post reach the log",
    async () => {
      const seconds = stopwatch();
      const { ingress, ada, victim, nats } = stage;
      const known = { ...victim, others: ada.secret };
      await sendAll(anyForgedPost(), forgedPosts, async (post) => judge(post, await send(ingress.port, post, known)));
      expect(await everything(nats, "UPDATES", "updates.victim.>")).toEqual([]);
      expect(await everything(nats, "QUARANTINE", "quarantine.ingress.victim")).toEqual([]);
      report("forged", { inputs: forgedPosts, reachedTheLog: 0, seconds: seconds() });
    },
    timeFor(60_000),
  );
});

describe("conversation under what ingress has stored", () => {
  it(
    "makes something of every update: an answer, a refusal, nothing to answer, or set aside",
    async () => {
      const seconds = stopwatch();
      const { conversation, nats } = stage;
      const { forgotten, open, ...figures } = await fatesOf(nats, isFull() ? 1_800_000 : 60_000);
      expect({ forgotten, open, crashes: conversation.crashes() }).toEqual({ forgotten: [], open: [], crashes: 0 });
      const sample = fc.sample(anyPost(), { seed: seedOfRun(), numRuns: 200 });
      expect(figures.stored).toBeGreaterThan(sample.filter(isStored).length / 2);
      report("webhook-drained", { ...figures, seconds: seconds(), rssMb: residentMb(conversation.pid()) });
    },
    timeFor(90_000),
  );
});
