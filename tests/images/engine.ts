import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

/** The engine that `make images` takes. */
export const ENGINE =
  process.env["CONTAINER_ENGINE"] ??
  ["podman", "docker"].find((program) => spawnSync(program, ["--version"]).status === 0) ??
  "docker";

/** What a command of the engine printed; fails with its words. */
export async function engine(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(ENGINE, args, { maxBuffer: MAX_OUTPUT });
  return stdout.trim();
}

const images = z.array(
  z.object({
    Size: z.number(),
    Config: z.object({ User: z.string().default(""), Labels: z.record(z.string(), z.string()).nullish() }),
    RootFS: z.object({ Layers: z.array(z.string()) }),
  }),
);

export interface ImageFacts {
  /** The hash of each layer. */
  readonly layers: readonly string[];
  readonly bytes: number;
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
}

export async function imageFacts(image: string): Promise<ImageFacts> {
  const [found] = images.parse(JSON.parse(await engine("image", "inspect", image)));
  if (found === undefined) throw new Error(`no image ${image}`);
  const { Size, Config, RootFS } = found;
  return { layers: RootFS.Layers, bytes: Size, user: Config.User, labels: Config.Labels ?? {} };
}

/** What a program of Node in a new container of the image printed; it has no network. */
export function printedInside(image: string, program: string): Promise<string> {
  return engine("run", "--rm", "--network=none", "--entrypoint=node", image, "-e", program);
}
