// Telegram shows an action for 5 s at most.
const RENEWED_EVERY_MS = 4_000;

/** Shows "typing…" at once and until the returned function is called; a failure never reaches the turn. */
export function typing(show: () => Promise<void>, everyMs = RENEWED_EVERY_MS): () => void {
  const showQuietly = () => void show().catch(() => undefined);
  showQuietly();
  const timer = setInterval(showQuietly, everyMs);
  return () => clearInterval(timer);
}
