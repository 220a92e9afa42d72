import { Button, Card, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useBots, useMe } from "../api/queries.ts";
import { ProblemAlert } from "../layout/problem.tsx";
import { BotCard } from "./bot-card.tsx";
import classes from "./my-bots.module.css";

export function MyBotsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useBots();
  return (
    <Stack>
      <title>{`${t("myBots")} · BotFactory`}</title>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t("myBots")}
        </Title>
        {data && data.bots.length > 0 && <CreateNewBot />}
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

function CreateNewBot() {
  const { t } = useTranslation();
  return (
    <Button component={Link} to="/bots/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("createNewBot")}
    </Button>
  );
}

function PlanLine() {
  const { t } = useTranslation();
  const { data } = useMe();
  if (!data) return null;
  const { plan, usage } = data;
  return (
    <Text size="sm" c="dimmed">
      {t("planLine", { plan: t(`plan.${plan.name}`), bots: usage.bots, limit: plan.botsLimit })}
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
      <List type="ordered" spacing="xs">
        {t("noBotsSteps", { returnObjects: true }).map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Group mt="lg">
        <CreateNewBot />
        <Button component="a" href="https://t.me/BotFather" target="_blank" rel="noreferrer" variant="default">
          {t("openBotFather")}
        </Button>
      </Group>
    </Card>
  );
}
