import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { incomingUpdate } from "../../services/conversation/src/domain/incoming-update.ts";
import { splitReply } from "../../services/conversation/src/split-reply.ts";
import { addressOf } from "../../services/ingress/src/update.ts";
import { finishText, readText } from "../../tools/simulator/src/text/formatted-text.ts";
import { readDamaged } from "./events/damage.ts";
import { READERS } from "./events/readers.ts";

interface Found {
  /** The seed of the run that found it. */
  readonly seed: number;
  readonly found: string;
}

function fixtures<Fixture>(name: string): readonly (readonly [string, Found & Fixture])[] {
  const read: readonly (Found & Fixture)[] = JSON.parse(
    readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"),
  );
  return read.map((fixture) => [fixture.found, fixture]);
}

describe("an update that once went wrong", () => {
  it.each(fixtures<{ update: string; address: unknown; content: object }>("updates"))("%s", (_, fixture) => {
    expect(addressOf(Buffer.from(fixture.update))).toEqual(fixture.address);
    expect(incomingUpdate(JSON.parse(fixture.update))).toMatchObject(fixture.content);
  });
});

describe("an event that once stopped a fold", () => {
  it.each(fixtures<{ reader: string; base64: string }>("events"))("%s", (_, { reader, base64 }) => {
    const known = READERS.find(({ name }) => name === reader);
    expect(known && readDamaged(known, Buffer.from(base64, "base64"))).toBe("folded");
  });
});

describe("a reply Telegram once refused", () => {
  it.each(fixtures<{ text: string; parts?: readonly string[]; seen?: string }>("replies"))("%s", (_, fixture) => {
    const parts = splitReply(fixture.text);
    if (fixture.parts !== undefined) expect(parts).toEqual(fixture.parts);
    const seen = parts.map((text) => finishText(readText({ text })).text).join("");
    expect(seen.replace(/[\s\u200b]/g, "")).toBe(fixture.seen ?? "");
  });
});
