import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

const REPOSITORY = resolve(fileURLToPath(import.meta.url), "../../../..");
const PASSES_THRICE = `
  import { crashPoint } from "@botfactory/crash-points";
  for (let pass = 1; pass <= 3; pass += 1) { crashPoint("wrk.afterSend"); console.log(pass); }
  console.log(String(crashPoint));
`;

/** Runs the program as a service runs: built code, with or without the condition. */
async function run(conditions: readonly string[], crashAt: string) {
  const child = spawn(process.execPath, [...conditions, "--input-type=module", "--eval", PASSES_THRICE], {
    cwd: REPOSITORY,
    env: { CRASH_AT: crashAt },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, printed };
}

const CHAOS = ["--conditions=@botfactory/chaos"];

describe("a crash point", () => {
  it("is an empty function in a production process, whatever CRASH_AT says", async () => {
    const { code, signal, printed } = await run([], "wrk.afterSend:1");
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(printed).toMatch(/^1\n2\n3\nfunction crashPoint\(_name\) \{\s*\}\n$/);
  });

  it("kills at the pass it is told to, under the condition of chaos", async () => {
    const { signal, printed } = await run(CHAOS, "wrk.afterSend:2");
    expect(signal).toBe("SIGKILL");
    expect(printed).toBe("1\n");
  });

  it.each(["wrk.afterAck:1", "", "wrk.afterSend:4"])("lets pass who is not meant: CRASH_AT=%j", async (crashAt) => {
    expect(await run(CHAOS, crashAt)).toMatchObject({ code: 0, signal: null });
  });
});

describe("a bundled service", () => {
  it.each(["ingress", "bots", "ai", "conversation", "web"])("holds nothing that kills: %s", async (name) => {
    const folder = resolve(REPOSITORY, "services", name, "bundle");
    const files = (await readdir(folder)).filter((file) => file.endsWith(".js"));
    expect(files).toContain("main.js");
    for (const file of files) expect(await readFile(resolve(folder, file), "utf8")).not.toContain("CRASH_AT");
  });
});

describe("an image", () => {
  async function takenFor(workspace: string): Promise<string[]> {
    // Everything of ours is installed here, so a tool is given all packages.
    const program = [workspace, "node_modules/.package-lock.json"];
    const { stdout } = await promisify(execFile)("docker/files-of-image.sh", program, { cwd: REPOSITORY });
    return stdout.trim().split("\n");
  }

  it("of a tool is given the empty function and not the armed one", async () => {
    const taken = (await takenFor("tools/simulator")).filter((path) => path.includes("crash-points"));
    expect(taken).toContain("packages/crash-points/dist/index.js");
    expect(taken.join("\n")).not.toContain("armed");
  });

  it.each(["ingress", "web"])("of a service holds its bundle, and the console's pages: %s", async (name) => {
    const taken = await takenFor(`services/${name}`);
    expect(taken).toContain(`services/${name}/bundle/main.js`);
    expect(taken.filter((path) => !path.startsWith(`services/${name}/bundle/`))).toEqual(
      name === "web" ? expect.arrayContaining(["services/web/client/dist/index.html"]) : [],
    );
  });
});
