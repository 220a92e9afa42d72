import { Anchor, Group, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Heading of a page below My Bots, with the way back; also the name of the browser's tab. */
export function PageTitle({ children, section }: { children: string; section?: string }) {
  return (
    <>
      <title>{[children, section, "BotFactory"].filter(Boolean).join(" · ")}</title>
      <BackToMyBots />
      <Title order={1} size="h2" mt="xs" mb="md">
        {children}
      </Title>
    </>
  );
}

export function BackToMyBots() {
  const { t } = useTranslation();
  return (
    <Anchor component={Link} to="/bots" size="sm">
      <Group gap={4} component="span" py={4}>
        <IconArrowLeft size={16} aria-hidden />
        {t("myBots")}
      </Group>
    </Anchor>
  );
}
