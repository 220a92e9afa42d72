import { Anchor, Group, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Heading of a page below My Bots, with the way back. */
export function PageTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <Anchor component={Link} to="/bots" size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {t("myBots")}
        </Group>
      </Anchor>
      <Group justify="space-between" mt="xs" mb="md">
        <Title order={1} size="h2">
          {children}
        </Title>
        {aside}
      </Group>
    </>
  );
}
