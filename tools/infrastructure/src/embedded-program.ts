import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { madeOnce } from "./cache.ts";
import { onPath, runToEnd } from "./program.ts";
import type { Progress } from "./progress.ts";
import { timed, toStandardError } from "./progress.ts";

const SOURCES = fileURLToPath(new URL("../../embedded/", import.meta.url));
const SOURCE_FILES = ["main.go", "go.mod", "go.sum"];

/** The path of the program of tools/embedded, built at its first use (about a minute on two cores) and kept in the cache. */
export async function embeddedProgram(progress: Progress = toStandardError): Promise<string> {
  const directory = await madeOnce({
    name: `embedded-${await fingerprint()}`,
    make: (target) =>
      timed(progress, "build the embedded NATS and FerretDB with Go (once, 1–2 min)", () => build(target)),
  });
  return join(directory, "embedded");
}

async function build(target: string): Promise<void> {
  await runToEnd("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", join(target, "embedded"), "."], {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
  });
}

async function fingerprint(): Promise<string> {
  if (onPath("go") === undefined) {
    throw new Error(
      "Neither a container engine nor Go is here. Install Go 1.26 (https://go.dev/dl), or start Docker, or set NATS_URL and MONGODB_URL to servers of yours.",
    );
  }
  const hash = createHash("sha256").update(await runToEnd("go", ["version"]));
  for (const file of SOURCE_FILES) hash.update(await readFile(join(SOURCES, file)));
  return hash.digest("hex").slice(0, 16);
}
