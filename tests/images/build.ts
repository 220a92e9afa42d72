import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { REPOSITORY } from "../setup/repository.ts";

/** Every image, with the workspace it is made from. */
export const IMAGES = [
  ["ingress", "services/ingress"],
  ["bots", "services/bots"],
  ["ai", "services/ai"],
  ["conversation", "services/conversation"],
  ["web", "services/web"],
  ["operator", "tools/operator"],
  ["simulator", "tools/simulator"],
  ["infrastructure", "tools/infrastructure"],
] as const;
/** Those that go on until they are stopped; the operator ends with its command. */
export const PROCESSES = IMAGES.filter(([name]) => name !== "operator");
export type ImageName = (typeof IMAGES)[number][0];

const PREFIX = "botfactory";

/** Where an image built for this test is found. */
export const imageNamed = (name: ImageName, tag = "first") => `${PREFIX}/${name}:images-test-${tag}`;

/** Builds images of the commit, as `make images` does; all of them where none is named. */
export async function buildImages(tag: string, ...more: readonly string[]): Promise<void> {
  const args = ["tools/images/build-images.js", "--tag", `images-test-${tag}`, ...more];
  const env = { ...process.env, IMAGE_PREFIX: PREFIX };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY, env });
  process.stderr.write(stdout.replace(/^/gm, "  "));
}

export async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", args, { cwd: REPOSITORY });
  return stdout.trim();
}
