import { Badge, Button, Card, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Bot } from "../../../src/api/bot.ts";
import { useBots, useMe } from "../api/queries.ts";
import { ProblemAlert } from "../layout/problem.tsx";
import classes from "./my-bots.module.css";

export function MyBotsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useBots();
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t("myBots")}
        </Title>
        <Button component={Link} to="/bots/new" leftSection={<IconPlus size={18} aria-hidden />}>
          {t("createNewBot")}
        </Button>
      </Group>
      <PlanLine />
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!data && !error && <Skeleton height={160} aria-label={t("loading")} />}
      {data?.bots.length === 0 && <FirstSteps />}
      <div className={classes.grid}>
        {data?.bots.map((bot) => (
          <BotCard key={bot.id} bot={bot} />
        ))}
      </div>
    </Stack>
  );
}

function PlanLine() {
  const { t } = useTranslation();
  const { data } = useMe();
  if (!data) return null;
  const { plan, usage } = data;
  return (
    <Text size="sm" c="dimmed">
      {t("planLine", { plan: plan.name, bots: usage.bots, limit: plan.botsLimit })}
      {usage.today && ` · ${t("todayLine", { messages: usage.today.messages })}`}
    </Text>
  );
}

function FirstSteps() {
  const { t } = useTranslation();
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4" mb="sm">
        {t("noBotsTitle")}
      </Title>
      <List type="ordered">
        {t("noBotsSteps", { returnObjects: true }).map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </Card>
  );
}

function BotCard({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  return (
    <Card withBorder padding="md" component="article" aria-label={bot.name}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div className={classes.names}>
          <Title order={2} size="h4">
            {bot.name}
          </Title>
          <Text size="sm" c="dimmed">
            @{bot.telegramUsername}
          </Text>
        </div>
        <Badge color={bot.state === "active" ? "green.9" : "orange.9"} variant="filled" className={classes.badge}>
          {t(`state.${bot.state}`)}
        </Badge>
      </Group>
      {bot.description && (
        <Text size="sm" mt="xs">
          {bot.description}
        </Text>
      )}
      <Text size="sm" mt="xs" c={bot.webhook.set ? undefined : "red.9"}>
        {bot.webhook.set ? `✓ ${t("webhookOn")}` : t("webhookOff")}
      </Text>
      <Group gap="xs" mt="md">
        <Button component={Link} to={`/telegram/setup/${bot.id}`} variant="light">
          {t("webhookSetup")}
        </Button>
        <Button component={Link} to={`/telegram/test/${bot.id}`} variant="light">
          {t("testBot")}
        </Button>
        <Button component={Link} to={`/bots/${bot.id}`} variant="default">
          {t("editBot")}
        </Button>
      </Group>
    </Card>
  );
}
