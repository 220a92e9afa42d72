import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Me } from "../../../src/api/account.ts";
import type { Bot, BotPage, ChangedBot, CreateBot, UpdateBot } from "../../../src/api/bot.ts";
import type { SendTestMessage, SentTestMessage, TestChatReply } from "../../../src/api/test-bot.ts";
import type { ChangedWebhook, WebhookStatus } from "../../../src/api/webhook.ts";
import { api } from "./http.ts";

const STATUS_REFRESH_MS = 5_000;

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: () => api<Me>("GET", "/me") });

export const useBots = () => useQuery({ queryKey: ["bots"], queryFn: () => api<BotPage>("GET", "/bots?pageSize=100") });

export const useBot = (botId: string) =>
  useQuery({ queryKey: ["bots", botId], queryFn: () => api<Bot>("GET", `/bots/${botId}`) });

export const useWebhookStatus = (botId: string) =>
  useQuery({
    queryKey: ["webhook", botId],
    queryFn: () => api<WebhookStatus>("GET", `/bots/${botId}/webhook`),
    refetchInterval: STATUS_REFRESH_MS,
  });

/** A change of the owner's bots; lists are read anew from the revision it wrote. */
function useBotChange<Input, Output extends { revision: string }>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async ({ revision }) => {
      await queries.fetchQuery({
        queryKey: ["bots"],
        queryFn: () => api<BotPage>("GET", `/bots?pageSize=100&atLeastRevision=${revision}`),
        staleTime: 0,
      });
      await queries.invalidateQueries({ refetchType: "active" });
    },
  });
}

export const useCreateBot = () => useBotChange((bot: CreateBot) => api<ChangedBot>("POST", "/bots", bot));

export const useUpdateBot = (botId: string) =>
  useBotChange((changes: UpdateBot) => api<ChangedBot>("PATCH", `/bots/${botId}`, changes));

export const useDeleteBot = (botId: string) =>
  useBotChange(() => api<{ revision: string }>("DELETE", `/bots/${botId}`));

export const useSetWebhook = (botId: string) =>
  useBotChange((baseUrl: string) => api<ChangedWebhook>("POST", `/bots/${botId}/webhook`, { baseUrl }));

export const useDeleteWebhook = (botId: string) =>
  useBotChange(() => api<ChangedWebhook>("DELETE", `/bots/${botId}/webhook`));

export const useTestChat = (botId: string) =>
  useMutation({ mutationFn: (text: string) => api<TestChatReply>("POST", `/bots/${botId}/test-chat`, { text }) });

export const useTestMessage = (botId: string) =>
  useMutation({
    mutationFn: (message: SendTestMessage) => api<SentTestMessage>("POST", `/bots/${botId}/test-message`, message),
  });
