import { readFile } from "node:fs/promises";

/**
 * What the file of a bot's token holds: the given one, which must be there, or else the one that BOT_TOKEN_FILE names. That
 * one may be missing: in a cluster it is mounted from a Secret that need not exist, and then there is no bot to look at.
 */
export async function givenBotToken(file: string | undefined, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (file !== undefined) return readFile(file, "utf8");
  const usual = env["BOT_TOKEN_FILE"]?.trim();
  if (!usual) return undefined;
  return readFile(usual, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
