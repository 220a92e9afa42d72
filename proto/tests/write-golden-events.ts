/** Adds a golden file for every event that has none; never touches one that is there. Run by `make golden`. */
import { existsSync, writeFileSync } from "node:fs";
import { EVENT_WRAPPERS, goldenEvent } from "./golden-events.ts";

for (const wrapper of EVENT_WRAPPERS) {
  for (const field of wrapper.fields) {
    const golden = goldenEvent(wrapper, field);
    const file = new URL(`../golden/${golden.event}.1.json`, import.meta.url);
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
  }
}
