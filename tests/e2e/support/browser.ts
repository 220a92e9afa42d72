import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const QUIET = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];

/** A real Chromium: CHROMIUM_PATH or one on PATH. */
export function startChromium(): Promise<Browser> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  const executablePath = process.env["CHROMIUM_PATH"] ?? found;
  if (executablePath === undefined) throw new Error("no Chromium here: run make test, or name one in CHROMIUM_PATH");
  return chromium.launch({ executablePath, args: QUIET });
}

/** A page that remembers every complaint of the content security policy and every script error. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Applying inline style/.test(message.text())) complaints.push(message.text());
  });
  return { page, complaints };
}

/** Signs in on Keycloak's own page. */
export async function signIn(page: Page, address: string, username: string): Promise<void> {
  await page.goto(address);
  await page.locator("#username").fill(username);
  await page.locator("#password").fill(`demo-${username}`);
  await page.locator("#kc-login").click();
  await page.waitForURL((url) => url.href.startsWith(new URL(address).origin));
}
