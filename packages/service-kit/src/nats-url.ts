/** What is wrong with a `NATS_URL` that `isNatsUrl` refuses; without the value, which may hold a password. */
export const NOT_A_NATS_URL =
  "must be nats:// or tls:// addresses, comma-separated; WebSockets (ws, wss) are not spoken; e.g. nats://host:4222";

/** Each address by itself: a scheme that is not spoken would be left out, and its port asked over plain TCP. */
export function isNatsUrl(text: string): boolean {
  return text.split(",").every((address) => /^(nats|tls):\/\/\S+$/.test(address.trim()));
}
