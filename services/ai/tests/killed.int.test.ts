import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { QuotaLimits } from "../src/domain/ledger.ts";
import { says } from "./gemini-script.ts";
import { spawnAi } from "./spawn-ai.ts";
import { answer, busiestWindow, request, type Stage, stage, until } from "./stage.ts";

let scene: Stage;
beforeAll(async () => {
  scene = await stage();
});
afterAll(() => scene.close());

const limits: QuotaLimits = {
  callsAWindow: 10,
  windowMs: 1_000,
  callsADay: 1_000,
  longestCallMs: 3_000,
  beginWithinMs: 2_000,
  clockErrorMs: 50,
};

describe("a process killed with 6 calls under way", () => {
  it("takes nothing with it but those 6 calls, and only for as long as Google may have seen them", async () => {
    const victim = await spawnAi(scene.config, { limits });
    const dying = scene.client(victim);
    const other = scene.client(await scene.start({}, limits));
    scene.google.always(() => undefined);
    const lost = Array.from({ length: 6 }, () => answer(dying.generate(request())).catch(() => "lost"));
    await until(() => scene.google.seen.length === 6);
    await victim.kill();
    expect(await Promise.all(lost)).toEqual(Array(6).fill("lost"));

    scene.google.always(undefined);
    const answers = await Promise.all(Array.from({ length: 30 }, () => answer(other.generate(request()))));
    expect(answers.filter(({ text }) => text === "echo: salom")).toHaveLength(30);
    expect(
      busiestWindow(
        scene.google.seen.map(({ at }) => at),
        limits.windowMs,
      ),
    ).toBeLessThanOrEqual(10);

    const facts = await scene.facts();
    const reserved = facts.flatMap((fact) => (fact.case === "callsReserved" ? fact.value.reservations : []));
    const settled = () => scene.facts().then((all) => all.filter((fact) => fact.case === "callSettled").length);
    expect(reserved).toHaveLength(36);
    await until(async () => (await settled()) === 30);
  }, 60_000);
});

describe("a process told to stop while it answers", () => {
  it("finishes the answer and writes its end", async () => {
    scene.google.reset();
    const leaving = await spawnAi(scene.config, { limits });
    let release: () => void = () => {};
    scene.google.next(async (response, incoming) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await says("goodbye")(response, incoming);
    });
    const asked = request({ chargeKey: "bot:last" });
    const last = answer(scene.client(leaving).generate(asked));
    await until(() => scene.google.seen.length === 1);
    const stopped = leaving.stop();
    release();
    expect((await last).text).toBe("goodbye");
    await stopped;
    const ends = (await scene.facts()).filter(
      (fact) => fact.case === "callSettled" && fact.value.chargeKey === "bot:last",
    );
    expect(ends).toHaveLength(1);
  }, 30_000);
});
