/**
 * Where a stream announces each message once it is stored: an empty message to the message's own subject behind the
 * stream's name, its sequence and size in the headers `Nats-Sequence` and `Nats-Msg-Size`.
 */
export function announcementsOf(stream: string, subject = ">"): string {
  return `stored.${stream}.${subject}`;
}

/** The part of a stream's configuration that has the server announce what it stores; in the words and order of the server. */
export function announcing(stream: string) {
  return { republish: { src: ">", dest: announcementsOf(stream), headers_only: true } };
}
