import type { MsgHdrs } from "nats";

/** What the server says of a message: it writes its headers behind those the message was published with, which may say anything. */
export function serverHeader(headers: MsgHdrs | undefined, name: string): string | undefined {
  return headers?.values(name).at(-1);
}
