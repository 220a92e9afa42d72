import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { freshNats } from "@botfactory/infrastructure";
import { connect } from "nats";
import type { OwnerCase } from "./bot-cases.ts";

const KEYS = 5;
const kek = (id: string) => `${id}=${randomBytes(32).toString("base64")}`;

/** The rotation as an operator's program runs it, which the crash point may end. */
const ROTATION = `
  import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
  import { connect } from "nats";
  const nats = await connect({ servers: process.env.NATS_URL });
  await (await keyRing(nats, keyEncryptionKey(process.env.KEY_ENCRYPTION_KEY))).rewrap();
  await nats.close();
`;

/** A rotation of the key-encryption key dies between two keys; it has a log of its own, for the product knows one key. */
export const rotation: OwnerCase = {
  async facts({ stack }, point) {
    const log = await freshNats();
    const nats = await connect({ servers: log.url });
    try {
      const [old, next] = [kek("k1"), kek("k2")];
      const subjects = Array.from({ length: KEYS }, (_, index) => `keys.bot.b${index}`);
      const before = await keyRing(nats, keyEncryptionKey(old));
      const ids = await Promise.all(subjects.map(async (subject) => (await before.getOrCreate(subject)).id));
      const both = `${next},${old}`;
      const env = { NATS_URL: log.url, KEY_ENCRYPTION_KEY: both, CRASH_AT: `${point}:2` };
      const died = await ended(stack.repository, env);
      const between = await keyRing(nats, keyEncryptionKey(both));
      const readable = await Promise.all(subjects.map(async (subject) => (await between.get(subject))?.id));
      const left = await between.rewrap();
      const after = await keyRing(nats, keyEncryptionKey(next));
      const readableWithout = await Promise.all(subjects.map(async (subject) => (await after.get(subject))?.id));
      const same = [readable, readableWithout].map((found) => found.join() === ids.join());
      return { died, left, same };
    } finally {
      await nats.close();
      await log.stop();
    }
  },
  expected: { died: "SIGKILL", left: KEYS - 2, same: [true, true] },
};

function ended(cwd: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const options = ["--conditions=@botfactory/chaos", "--input-type=module", "--eval", ROTATION];
  return new Promise((resolve) => {
    execFile(process.execPath, options, { cwd, env }, (error) => resolve(error?.signal ?? "lived"));
  });
}
