import { readdirSync, readFileSync } from "node:fs";
import type { GoldenEvent } from "../../../proto/tests/golden-events.ts";

const directory = new URL("../../../proto/golden/", import.meta.url);

/** The stored bytes of every event of a wrapper, as the contract keeps them. */
export function goldenBytes(wrapper: string): readonly Uint8Array[] {
  return goldenEvents()
    .filter((event) => event.wrapper === wrapper)
    .map(({ base64 }) => Buffer.from(base64, "base64"));
}

/** Every aggregate of the contract, by its wrapper. */
export function goldenWrappers(): ReadonlySet<string> {
  return new Set(goldenEvents().map(({ wrapper }) => wrapper));
}

function goldenEvents(): readonly GoldenEvent[] {
  return readdirSync(directory).map((file): GoldenEvent => JSON.parse(readFileSync(new URL(file, directory), "utf8")));
}
