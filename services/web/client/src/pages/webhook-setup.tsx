import { Button, Card, Group, Stack, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Bot } from "../../../src/api/bot.ts";
import { ApiProblem } from "../api/http.ts";
import { useDeleteWebhook, useSetWebhook, useWebhookStatus } from "../api/queries.ts";
import { announce } from "../layout/announce.ts";
import { BotPage } from "../layout/bot-page.tsx";
import { ConfirmDialog } from "../layout/confirm-dialog.tsx";
import { ProblemAlert } from "../layout/problem.tsx";
import { WebhookStatusCard } from "./webhook-status-card.tsx";

export function WebhookSetupPage() {
  return (
    <BotPage section="setup">
      {(bot) => (
        <Stack>
          <WebhookForm key={bot.id} bot={bot} />
          <WebhookStatusCard botId={bot.id} />
        </Stack>
      )}
    </BotPage>
  );
}

function WebhookForm({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  const { data: status } = useWebhookStatus(bot.id);
  const [typed, setTyped] = useState<string>();
  const set = useSetWebhook(bot.id);
  const remove = useDeleteWebhook(bot.id);
  const [asking, { open, close }] = useDisclosure(false);
  const baseUrl = typed ?? originOf(bot.webhook.url) ?? status?.defaultBaseUrl ?? "";
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4" mb="sm">
        {t("webhook.title")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove.reset();
          set.mutate(baseUrl.trim(), {
            onSuccess: () => announce({ color: "green", message: t("webhookOn") }),
          });
        }}
      >
        <Stack>
          <TextInput
            label={t("webhook.baseUrl")}
            description={t("webhook.baseUrlHint")}
            placeholder="https://yourdomain.com"
            inputMode="url"
            autoComplete="url"
            autoCapitalize="none"
            spellCheck={false}
            error={isAboutAddress(set.error)}
            value={baseUrl}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <ProblemAlert error={set.error} />
          <Group>
            <Button type="submit" loading={set.isPending}>
              {t("webhook.set")}
            </Button>
            <Button variant="outline" color="red" onClick={open} disabled={!bot.webhook.set}>
              {t("webhook.delete")}
            </Button>
          </Group>
        </Stack>
      </form>
      <ConfirmDialog
        opened={asking}
        title={t("webhook.delete")}
        consequence={t("webhook.deleteQuestion")}
        action={t("webhook.delete")}
        pending={remove.isPending}
        error={remove.error}
        onCancel={close}
        onConfirm={() => {
          set.reset();
          remove.mutate(undefined, { onSuccess: close });
        }}
      />
    </Card>
  );
}

const isAboutAddress = (error: unknown) => error instanceof ApiProblem && error.problem.code.startsWith("webhook_url_");

const originOf = (url: string | null) => (url && URL.canParse(url) ? new URL(url).origin : undefined);
