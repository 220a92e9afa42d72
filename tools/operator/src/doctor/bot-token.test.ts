import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { givenBotToken } from "./bot-token.ts";

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-bot-token-"));
  await writeFile(at("usual"), "1:usual\n");
  await writeFile(at("given"), "2:given\n");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the doctor's bot", () => {
  it("is the one whose token's file is given, whatever BOT_TOKEN_FILE says", async () => {
    expect(await givenBotToken(at("given"), { BOT_TOKEN_FILE: at("usual") })).toBe("2:given\n");
  });

  it("is else the one of BOT_TOKEN_FILE", async () => {
    expect(await givenBotToken(undefined, { BOT_TOKEN_FILE: at("usual") })).toBe("1:usual\n");
  });

  it("is none where BOT_TOKEN_FILE is not set, is empty or names a file that is not there", async () => {
    for (const env of [{}, { BOT_TOKEN_FILE: " " }, { BOT_TOKEN_FILE: at("missing") }]) {
      expect(await givenBotToken(undefined, env)).toBeUndefined();
    }
  });

  it("must be there where its file is given, and readable where the file is", async () => {
    await expect(givenBotToken(at("missing"), { BOT_TOKEN_FILE: at("usual") })).rejects.toThrow("ENOENT");
    await expect(givenBotToken(undefined, { BOT_TOKEN_FILE: directory })).rejects.toThrow("EISDIR");
  });
});
