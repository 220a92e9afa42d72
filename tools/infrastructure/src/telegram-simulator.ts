import type { SimulatorOptions } from "@botfactory/simulator";
import type { Started } from "./started.ts";

/** Our own Telegram: Bot API, a control API for tests and a chat page, at one address. */
export async function startTelegramSimulator(options: SimulatorOptions = {}): Promise<Started> {
  // Loaded here only, so that jest's set-up, which resolves packages to their built form, needs none.
  const { startSimulator } = await import("@botfactory/simulator");
  const { url, stop } = await startSimulator(options);
  return { url, how: "stand-in", stop };
}
