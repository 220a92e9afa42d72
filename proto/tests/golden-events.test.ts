import { readdirSync, readFileSync } from "node:fs";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { EVENT_WRAPPERS, type GoldenEvent } from "./golden-events.ts";

const directory = new URL("../golden/", import.meta.url);
const golden = readdirSync(directory).map((file): readonly [string, GoldenEvent] => [
  file,
  JSON.parse(readFileSync(new URL(file, directory), "utf8")),
]);

describe("an event stored once", () => {
  it.each(golden)("%s means today what it meant then", (_, { wrapper, base64, json }) => {
    const schema = EVENT_WRAPPERS.find(({ typeName }) => typeName === wrapper);
    if (schema === undefined) throw new Error(`${wrapper} is gone from the contract`);
    expect(toJson(schema, fromBinary(schema, Buffer.from(base64, "base64")))).toMatchObject(json as object);
  });
});

describe("every event of the contract", () => {
  const events = EVENT_WRAPPERS.flatMap(({ fields }) => fields.map((field) => field.message?.typeName));

  it.each(events)("%s has a golden file (make golden adds it)", (event) => {
    expect(golden.map(([, { event: stored }]) => stored)).toContain(event);
  });
});
