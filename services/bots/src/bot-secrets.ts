import { createHash, randomBytes } from "node:crypto";
import { botKeySubject, type KeyRing, open, openText, type SecretKey, seal, sealText } from "@botfactory/encryption";
import type { OwnedBot } from "./domain/account-state.ts";

export interface SealedWebhookSecret {
  readonly secret: string;
  readonly secretHash: Uint8Array;
  readonly sealedSecret: Uint8Array;
}

/** What a bot keeps secret, sealed by the bot's own key: without the key ring's answer nobody can read it. */
export interface BotSecrets {
  sealToken(botId: string, token: string): Promise<Uint8Array>;
  token(bot: Pick<OwnedBot, "id" | "sealedToken">): Promise<string>;
  newChatKeySecret(botId: string): Promise<Uint8Array>;
  chatKeySecret(bot: Pick<OwnedBot, "id" | "sealedChatKeySecret">): Promise<Uint8Array>;
  newWebhookSecret(botId: string): Promise<SealedWebhookSecret>;
  /** Destroys the bot's key, and with it everything above. */
  forget(botId: string): Promise<void>;
}

const SECRET_BYTES = 32;

const place = (botId: string, what: "token" | "chat-key-secret" | "webhook-secret") => `bots/${botId}/${what}`;

export function botSecrets(keys: KeyRing): BotSecrets {
  const newKey = (botId: string) => keys.getOrCreate(botKeySubject(botId));

  async function keyOf(botId: string): Promise<SecretKey> {
    const key = await keys.get(botKeySubject(botId));
    if (key === undefined) throw new Error(`the key of bot ${botId} is gone`);
    return key;
  }

  return {
    sealToken: async (botId, token) => sealText(await newKey(botId), token, place(botId, "token")),
    token: async ({ id, sealedToken }) => openText(await keyOf(id), sealedToken, place(id, "token")),
    newChatKeySecret: async (botId) =>
      seal(await newKey(botId), randomBytes(SECRET_BYTES), place(botId, "chat-key-secret")),
    chatKeySecret: async ({ id, sealedChatKeySecret }) =>
      open(await keyOf(id), sealedChatKeySecret, place(id, "chat-key-secret")),
    newWebhookSecret: async (botId) => {
      const secret = randomBytes(SECRET_BYTES).toString("base64url");
      const sealedSecret = sealText(await keyOf(botId), secret, place(botId, "webhook-secret"));
      return { secret, sealedSecret, secretHash: createHash("sha256").update(secret).digest() };
    },
    forget: (botId) => keys.destroy(botKeySubject(botId)),
  };
}
