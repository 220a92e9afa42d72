import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readStackFile } from "./stack-file.ts";

const TUNNELS = [
  { program: "cloudflared", args: (address: string) => ["tunnel", "--url", address] },
  { program: "ngrok", args: (address: string) => ["http", address, "--log", "stdout"] },
] as const;

/** `make tunnel`: gives ingress a public HTTPS address by cloudflared or ngrok, whichever is installed. */
export async function tunnel(repository: string, say: (line: string) => void): Promise<void> {
  const stack = await readStackFile(repository);
  if (stack === undefined) throw new Error("BotFactory does not run here: start it with make up, then make tunnel");
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = TUNNELS.find(({ program }) => folders.some((folder) => existsSync(join(folder, program))));
  if (found === undefined) {
    throw new Error(
      "install cloudflared or ngrok, or start with TELEGRAM_UPDATES=polling, which needs no public address",
    );
  }
  say(
    `${found.program} opens a tunnel to ${stack.ingress}; enter its https:// address in Webhook Setup as Webhook Base URL`,
  );
  const child = spawn(found.program, found.args(stack.ingress), { stdio: "inherit" });
  await once(child, "exit");
}
