import { createHmac } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const BITS_PER_CHARACTER = 5;

/**
 * The name of a chat in subjects, documents and logs: 26 characters [a-z2-7], the first 130 bits of
 * HMAC-SHA256(secret of the bot, "<chatId>" or "<chatId>:<threadId>"). A chat's own id is personal data and may be a
 * phone owner's account; without the secret it cannot be found from its key.
 */
export function chatKey(secret: string | Uint8Array, chatId: string, threadId?: string): string {
  const name = threadId === undefined ? chatId : `${chatId}:${threadId}`;
  return base32(createHmac("sha256", secret).update(name).digest(), 26);
}

/** The first `characters` of the bytes in RFC 4648 base32, lower case: safe in subjects and URLs, read without doubt. */
export function base32(bytes: Uint8Array, characters: number): string {
  const bits = characters * BITS_PER_CHARACTER;
  if (bits > bytes.length * 8) throw new RangeError(`${characters} characters need ${Math.ceil(bits / 8)} bytes`);
  let [text, waiting, waitingBits, at] = ["", 0, 0, 0];
  while (text.length < characters) {
    if (waitingBits < BITS_PER_CHARACTER) {
      waiting = (waiting << 8) | (bytes[at++] ?? 0);
      waitingBits += 8;
    }
    waitingBits -= BITS_PER_CHARACTER;
    text += ALPHABET.charAt(waiting >> waitingBits);
    waiting &= (1 << waitingBits) - 1;
  }
  return text;
}
