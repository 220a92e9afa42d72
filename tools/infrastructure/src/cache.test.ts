import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { cacheDirectory, madeOnce } from "./cache.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "botfactory-test-cache-"));
  process.env["BOTFACTORY_CACHE"] = cache;
});
afterEach(async () => {
  delete process.env["BOTFACTORY_CACHE"];
  await rm(cache, { recursive: true });
});

const write = (directory: string) => writeFile(join(directory, "program"), "whole");

describe("a thing of the cache", () => {
  it("is made once although three ask for it at once", async () => {
    let makings = 0;
    const make = async (directory: string) => {
      makings += 1;
      await write(directory);
    };
    const paths = await Promise.all([1, 2, 3].map(() => madeOnce({ name: "thing", make })));
    expect(new Set(paths)).toEqual(new Set([join(cache, "thing")]));
    expect(makings).toBe(1);
    expect(existsSync(join(cache, "thing/program"))).toBe(true);
  });

  it("is not there after a making that failed, and can be made again", async () => {
    const failing = () => Promise.reject(new Error("no network"));
    await expect(madeOnce({ name: "thing", make: failing })).rejects.toThrow("no network");
    expect(existsSync(join(cache, "thing"))).toBe(false);
    await madeOnce({ name: "thing", make: write });
    expect(await readdir(cache)).toEqual(["thing"]);
  });

  it("is made anew when a making was interrupted, and nothing of that stays", async () => {
    await mkdir(join(cache, "thing.making-1"));
    await write(join(cache, "thing.making-1"));
    await madeOnce({ name: "thing", make: write });
    expect(await readdir(cache)).toEqual(["thing"]);
  });
});

describe("the cache's place", () => {
  it.each([
    [{ BOTFACTORY_CACHE: "/a", XDG_CACHE_HOME: "/b" }, "/a"],
    [{ XDG_CACHE_HOME: "/b" }, "/b/botfactory"],
  ])("under %j is %s", (env, place) => expect(cacheDirectory(env)).toBe(place));
});
