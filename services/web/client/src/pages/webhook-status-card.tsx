import { Anchor, Card, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookStatus } from "../../../src/api/webhook.ts";
import { useWebhookStatus } from "../api/queries.ts";
import { Notice } from "../layout/notice.tsx";
import { IssueNotice, ProblemAlert } from "../layout/problem.tsx";
import { shortTime } from "./short-time.ts";
import classes from "./webhook-status-card.module.css";

export function WebhookStatusCard({ botId }: { botId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useWebhookStatus(botId);
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="webhook-status">
      <Title order={2} size="h4" id="webhook-status">
        {t("webhook.status")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("webhook.refreshed")}
      </Text>
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!data && !error && <Skeleton height={120} />}
      {data && <Facts status={data} />}
    </Card>
  );
}

function Facts({ status }: { status: WebhookStatus }) {
  const { t } = useTranslation();
  const { problem, lastError, telegram } = status;
  return (
    <Stack>
      {problem ? (
        <IssueNotice issue={problem} kind={problem.code === "webhook_not_set" ? "warning" : "bad"} />
      ) : (
        <Notice kind="good" title={t("webhookOn")}>
          {t("webhook.works")}
        </Notice>
      )}
      <dl className={classes.facts}>
        <Fact name={t("webhook.bot")}>
          {telegram ? (
            <Anchor href={`https://t.me/${telegram.username}`} target="_blank" rel="noreferrer">
              {telegram.name} (@{telegram.username})
            </Anchor>
          ) : (
            "—"
          )}
        </Fact>
        <Fact name={t("webhook.address")}>
          {status.mode === "polling" ? t("webhook.polling") : (status.url ?? "—")}
        </Fact>
        <Fact name={t("webhook.pending")}>{status.pendingUpdateCount}</Fact>
        <Fact name={t("webhook.lastError")}>
          {lastError ? `${lastError.message} (${shortTime(lastError.at)})` : t("webhook.never")}
        </Fact>
      </dl>
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
