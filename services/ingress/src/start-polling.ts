import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { client, mutualTls, serviceIdentity } from "@botfactory/rpc";
import { tlsFiles } from "@botfactory/service-kit";
import type { IngressConfig } from "./config.ts";
import { type PollingDeps, polling } from "./polling.ts";
import { telegramUpdates } from "./telegram-updates.ts";

export type StartPolling = typeof startPolling;

/** Polls with tokens that bots hands out. */
export async function startPolling(
  config: IngressConfig,
  deps: Omit<PollingDeps, "connectBot">,
): Promise<{ stop(): void }> {
  const { BOTS_URL: url, SERVICE_AUTH_KEY: key, TELEGRAM_API_ROOT: apiRoot } = config;
  if (url === undefined || key === undefined) throw new Error("polling needs BOTS_URL and SERVICE_AUTH_KEY");
  const tls = await mutualTls({ service: "ingress", files: tlsFiles(config), logger: deps.logger });
  const bots = client(BotsService, { url, identity: serviceIdentity({ name: "ingress", key }), tls });
  const connectBot = async (botId: string) =>
    telegramUpdates(apiRoot, (await bots.getPollingToken({ botId })).telegramToken);
  const running = polling({ ...deps, connectBot });
  return {
    stop: () => {
      running.stop();
      bots.close();
      tls?.close();
    },
  };
}
