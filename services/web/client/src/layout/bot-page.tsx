import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { Bot } from "../../../src/api/bot.ts";
import { useBot } from "../api/queries.ts";
import { BotLinks, type BotSection } from "./bot-links.tsx";
import { BackToMyBots, PageTitle } from "./page-title.tsx";
import { ProblemAlert } from "./problem.tsx";

/** Frame of the three pages of one bot: heading, tabs, and the bot once it is there. */
export function BotPage({ section, children }: { section: BotSection; children: (bot: Bot) => ReactNode }) {
  const { t } = useTranslation();
  const { botId = "" } = useParams();
  const { data: bot, error, refetch } = useBot(botId);
  const titles = { settings: t("editBot"), setup: t("webhook.title"), test: t("test.title") };
  // A bot that is there stays there while the server is away: what was typed must not vanish.
  if (bot) {
    return (
      <>
        <PageTitle section={titles[section]}>{bot.name}</PageTitle>
        <BotLinks botId={bot.id} current={section} />
        {children(bot)}
      </>
    );
  }
  return (
    <>
      <BackToMyBots />
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!error && <Skeleton height={240} aria-label={t("loading")} />}
    </>
  );
}
