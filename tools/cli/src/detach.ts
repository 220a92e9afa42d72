import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readStackFile, STACK_DIRECTORY } from "./stack-file.ts";

/** `make up DETACH=1`: starts the stack in the background, shows its progress, returns when it is ready. */
export async function detach(repository: string, show: NodeJS.WritableStream): Promise<void> {
  const directory = join(repository, STACK_DIRECTORY);
  await mkdir(directory, { recursive: true });
  const log = join(directory, "up.log");
  const output = await open(log, "w");
  const [program, script] = process.argv;
  if (program === undefined || script === undefined) throw new Error("cannot tell how this program was started");
  const child = spawn(program, [...process.execArgv, script, "up"], {
    cwd: repository,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  await once(child, "spawn");
  await output.close();
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  await follow(log, show, async () => ended.signal.aborted || (await readStackFile(repository)) !== undefined);
  if (ended.signal.aborted) throw new Error(`BotFactory did not start; the whole log: ${log}`);
  child.unref();
}

async function follow(file: string, show: NodeJS.WritableStream, done: () => Promise<boolean>): Promise<void> {
  let shown = 0;
  for (let finished = false; !finished; ) {
    finished = await done();
    const { size } = await stat(file);
    if (size > shown) {
      for await (const chunk of createReadStream(file, { start: shown, end: size - 1 })) show.write(chunk);
      shown = size;
    }
    if (!finished) await delay(100);
  }
}
