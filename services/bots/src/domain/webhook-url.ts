import { DomainError } from "@botfactory/decider";

/** Ports Telegram delivers to (Bot API, setWebhook). */
const TELEGRAM_PORTS = new Set(["", "443", "80", "88", "8443"]);

const PRIVATE_HOST =
  /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|(^|\.)(localhost|local|internal)$/;

/**
 * The origin of a webhook base URL, such as `https://bots.example.com`. Local mode takes `http://` and any host;
 * otherwise Telegram's own rules hold: https, a public host, one of its ports.
 */
export function webhookOrigin(given: string, { localMode }: { readonly localMode: boolean }): string {
  const text = given.trim();
  if (!URL.canParse(text) || /[\s\p{Cc}\\]/u.test(text) || text.length > 255) throw invalid();
  const url = new URL(text);
  if (url.protocol !== "https:" && !(localMode && url.protocol === "http:")) {
    throw new DomainError("invalid", "webhook_url_not_https");
  }
  if (url.href !== `${url.origin}/` || !/^[a-z]+:\/\/[^/]/i.test(text)) throw invalid();
  if (!localMode && !isPublic(url)) throw invalid();
  return url.origin;
}

/** Where Telegram posts a bot's updates. */
export function webhookUrl(origin: string, botId: string): string {
  return `${origin}/telegram/webhook/${botId}`;
}

function isPublic({ hostname, port }: URL): boolean {
  // Telegram does not deliver to IPv6, and a name without a dot is somebody's own network.
  const isName = hostname.includes(".") && !hostname.startsWith("[") && !hostname.endsWith(".");
  return isName && !PRIVATE_HOST.test(hostname) && TELEGRAM_PORTS.has(port);
}

function invalid(): DomainError {
  return new DomainError("invalid", "webhook_url_invalid");
}
