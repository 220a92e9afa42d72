// Telegram shows an action for 5 s at most.
const RENEWED_EVERY_MS = 4_000;

/** Shows "typing…" from now until the returned function is called; the turn goes first, and no failure reaches it. */
export function typing(show: () => Promise<void>, everyMs = RENEWED_EVERY_MS): () => void {
  const showQuietly = () => void show().catch(() => undefined);
  const first = setImmediate(showQuietly);
  const timer = setInterval(showQuietly, everyMs);
  return () => {
    clearImmediate(first);
    clearInterval(timer);
  };
}
