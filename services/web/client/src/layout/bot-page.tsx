import { Button, Group, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Bot } from "../../../src/api/bot.ts";
import { useBot } from "../api/queries.ts";
import { PageTitle } from "./page-title.tsx";
import { ProblemAlert } from "./problem.tsx";

type Tab = "settings" | "setup" | "test";

/** Frame of the three pages of one bot: heading, tabs, and the bot once it is there. */
export function BotPage({ tab, children }: { tab: Tab; children: (bot: Bot) => ReactNode }) {
  const { botId = "" } = useParams();
  const { data: bot, error, refetch } = useBot(botId);
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!bot) return <Skeleton height={240} />;
  return (
    <>
      <PageTitle>{bot.name}</PageTitle>
      <BotTabs botId={bot.id} tab={tab} />
      {children(bot)}
    </>
  );
}

function BotTabs({ botId, tab }: { botId: string; tab: Tab }) {
  const { t } = useTranslation();
  const tabs = [
    { name: "setup", to: `/telegram/setup/${botId}`, label: t("webhookSetup") },
    { name: "test", to: `/telegram/test/${botId}`, label: t("testBot") },
    { name: "settings", to: `/bots/${botId}`, label: t("editBot") },
  ] as const;
  return (
    <Group component="nav" gap="xs" mb="lg">
      {tabs.map(({ name, to, label }) => (
        <Button
          key={name}
          component={Link}
          to={to}
          variant={name === tab ? "filled" : "default"}
          aria-current={name === tab ? "page" : undefined}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}
