import type { BotsService } from "@botfactory/proto/bots/v1/bots";
import type { Access } from "@botfactory/rpc";

/** Who may call what; a method without a row does not compile. */
export const botsAccess: Access<typeof BotsService> = {
  getAccount: "owner",
  createBot: "owner",
  getBot: "owner",
  listBots: "owner",
  updateBot: "owner",
  deleteBot: "owner",
  setWebhook: "owner",
  deleteWebhook: "owner",
  getWebhookStatus: "owner",
  setPlan: "admin",
  getBotForReply: ["conversation"],
  getPollingToken: ["ingress"],
  reportTokenRevoked: ["conversation"],
};
