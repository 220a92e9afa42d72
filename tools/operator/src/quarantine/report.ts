import { redactText } from "@botfactory/service-kit";
import type { Quarantined } from "./quarantined.ts";
import type { QuarantineList } from "./read-quarantine.ts";

/** The messages as lines for people, the newest last. */
export function quarantineReport({ messages, inStream }: QuarantineList): string[] {
  const lines = messages.map(({ sequence, at, service, botId, reason, updateId }) => {
    const update = updateId === undefined ? "no update id" : `update ${updateId}`;
    return `${sequence}  ${at}  ${service}  bot ${botId}  ${reason}  ${update}`;
  });
  return [...lines.map(plain), ...(lines.length === 0 ? [] : [""]), `${lines.length} shown, ${inStream} in QUARANTINE`];
}

/** All that is known of one message. */
export function quarantinedReport(message: Quarantined): string[] {
  return Object.entries(message).map(([name, value]) => plain(`${name}: ${value}`));
}

/** As JSON that commands no terminal either: `JSON.stringify` leaves U+007F to U+009F as they are. */
export function jsonReport(value: unknown): string {
  return plain(JSON.stringify(value, null, 2));
}

/** What was received, as text without what looks like a token or a key, and without what would command a terminal. */
export function readableBody(body: Uint8Array): string {
  return plain(redactText(Buffer.from(body).toString("utf8")));
}

/** Control characters as in JSON; of lines and tabs as they are. */
function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
