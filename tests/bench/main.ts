import { z } from "zod";
import { runBenches } from "./harness/run-benches.ts";
import { writePage } from "./harness/write-page.ts";
import { menu } from "./menu.ts";

const flag = z.enum(["", "0", "1"]).default("");
const environment = z.object({
  ONLY: z.string().default(""),
  ROUNDS: z.coerce.number().int().min(1).default(5),
  FULL: flag,
});

const { ONLY, ROUNDS: rounds, FULL } = environment.parse(process.env);
const wanted = ONLY.split(",").filter((name) => name !== "");
const unknown = wanted.filter((name) => !menu.some((bench) => bench.name === name));
const say = (line: string) => void process.stdout.write(`${line}\n`);

if (unknown.length > 0) {
  say(`no such bench: ${unknown.join(", ")}. There are:`);
  for (const { name, title } of menu) say(`  ${name.padEnd(10)} ${title}`);
  process.exitCode = 2;
} else {
  const begun = performance.now();
  const progress = (line: string) => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    say(`[${String(seconds).padStart(4)}s] ${line}`);
  };
  const chosen = wanted.length === 0 ? menu : menu.filter(({ name }) => wanted.includes(name));
  const failed = await runBenches(chosen, { rounds, full: FULL === "1", progress });
  progress(`figures are in ${await writePage(menu)}`);
  if (failed.length > 0) {
    progress(`failed: ${failed.join(", ")}`);
    process.exitCode = 1;
  }
}
// What a failed bench left open must not keep the run from ending; every child ends with this process.
process.exit();
