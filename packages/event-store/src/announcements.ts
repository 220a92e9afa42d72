import type { Msg } from "nats";
import { serverHeader } from "./server-header.ts";

/**
 * Where a stream announces each message once it is stored: the message's own subject behind the stream's name. An
 * announcement has the message's headers and no payload.
 */
export function announcementsOf(stream: string, subject = ">"): string {
  return `stored.${stream}.${subject}`;
}

/** The part of a stream's configuration that has the server announce what it stores; in the words and order of the server. */
export function announcing(stream: string) {
  return { republish: { src: ">", dest: announcementsOf(stream), headers_only: true } };
}

/** Which message an announcement of a stream is about. */
export interface Announced {
  readonly subject: string;
  /** Position in the stream. */
  readonly sequence: number;
}

/** Reads an announcement of a stream. */
export function announcedBy(stream: string, { subject, headers }: Msg): Announced {
  return {
    subject: subject.slice(announcementsOf(stream, "").length),
    sequence: Number(serverHeader(headers, "Nats-Sequence")),
  };
}
