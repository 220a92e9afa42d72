import { readdirSync, readFileSync } from "node:fs";
import type { GoldenEvent } from "../../../proto/tests/golden-events.ts";

const directory = new URL("../../../proto/golden/", import.meta.url);

/** The stored bytes of every event of a wrapper, as the contract keeps them. */
export function goldenBytes(wrapper: string): readonly Uint8Array[] {
  return readdirSync(directory)
    .map((file): GoldenEvent => JSON.parse(readFileSync(new URL(file, directory), "utf8")))
    .filter((event) => event.wrapper === wrapper)
    .map(({ base64 }) => Buffer.from(base64, "base64"));
}
