import { createLogger } from "@botfactory/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mongo } from "mongoose";
import { rebuildReadModels } from "../src/rebuild.ts";
import { answer, request, type Stage, stage, until } from "./stage.ts";

let scene: Stage;
let mongodb: mongo.MongoClient;
beforeAll(async () => {
  scene = await stage();
  mongodb = await new mongo.MongoClient(scene.config.MONGODB_URL).connect();
});
afterAll(async () => {
  await scene.close();
  await mongodb.close();
});

describe("the usage of owners", () => {
  it("is the same after its collection was dropped and rebuilt while the service runs", async () => {
    const asking = scene.client(await scene.start());
    for (const ownerId of ["ada", "bob", "ada", "eva"]) await answer(asking.generate(request({ ownerId })));
    const usages = mongodb.db().collection("usage_daily");
    const all = () => usages.find().sort({ _id: 1 }).toArray();
    await until(async () => (await all()).reduce((sum, { calls }) => sum + calls, 0) === 4);
    const before = await all();

    await usages.drop();
    const logger = createLogger("rebuild", "silent");
    await rebuildReadModels({ nats: scene.nats, mongodbUrl: scene.config.MONGODB_URL, logger });
    expect(await all()).toEqual(before);
    expect(before.map(({ ownerId, calls }) => [ownerId, calls])).toEqual([
      ["ada", 2],
      ["bob", 1],
      ["eva", 1],
    ]);
  });
});
