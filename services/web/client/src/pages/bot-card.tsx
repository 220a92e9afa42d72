import { Badge, Card, Group, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Bot } from "../../../src/api/bot.ts";
import { BotLinks } from "../layout/bot-links.tsx";
import classes from "./bot-card.module.css";

export function BotCard({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  const color = bot.state === "active" ? "var(--console-good-filled)" : "var(--console-warning-filled)";
  return (
    <Card withBorder padding={0} component="article" aria-label={bot.name} className={classes.card}>
      <div className={classes.body}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div className={classes.names}>
            <Title order={2} size="h4">
              {bot.name}
            </Title>
            <Text size="sm" c="dimmed">
              @{bot.telegramUsername}
            </Text>
          </div>
          <Badge color={color} className={classes.badge}>
            {t(`state.${bot.state}`)}
          </Badge>
        </Group>
        {bot.description && (
          <Text size="sm" mt="xs">
            {bot.description}
          </Text>
        )}
        <WebhookLine isSet={bot.webhook.set} />
      </div>
      <BotLinks botId={bot.id} />
    </Card>
  );
}

function WebhookLine({ isSet }: { isSet: boolean }) {
  const { t } = useTranslation();
  const Icon = isSet ? IconCircleCheck : IconAlertTriangle;
  return (
    <p className={classes.webhook} data-set={isSet}>
      <Icon size={18} aria-hidden />
      {t(isSet ? "webhookOn" : "webhookOff")}
    </p>
  );
}
