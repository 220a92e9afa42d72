import { Button, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Stack align="flex-start">
      <title>{`${t("notFoundTitle")} · BotFactory`}</title>
      <Title order={1} size="h2">
        {t("notFoundTitle")}
      </Title>
      <Button component={Link} to="/bots">
        {t("myBots")}
      </Button>
    </Stack>
  );
}
