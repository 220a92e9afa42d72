import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Bot } from "../../../src/api/bot.ts";
import { useDeleteBot, useUpdateBot } from "../api/queries.ts";
import { ConfirmDialog } from "../layout/confirm-dialog.tsx";
import { ProblemAlert } from "../layout/problem.tsx";

export function PauseAndDelete({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  const update = useUpdateBot(bot.id);
  const [asking, { open, close }] = useDisclosure(false);
  const works = bot.state === "active" || bot.state === "token_revoked";
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4">
        {t("pauseTitle")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("pauseConsequence")}
      </Text>
      <Stack>
        <ProblemAlert error={update.error} />
        <Group>
          <Button variant="default" loading={update.isPending} onClick={() => update.mutate({ paused: works })}>
            {t(works ? "pause" : "resume")}
          </Button>
          <Button color="red" variant="outline" onClick={open}>
            {t("deleteBot")}
          </Button>
        </Group>
      </Stack>
      <DeleteDialog bot={bot} opened={asking} close={close} />
    </Card>
  );
}

function DeleteDialog({ bot, opened, close }: { bot: Bot; opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteBot(bot.id);
  return (
    <ConfirmDialog
      opened={opened}
      title={t("deleteBotQuestion", { name: bot.name })}
      consequence={t("deleteBotConsequence")}
      action={t("deleteBot")}
      pending={remove.isPending}
      error={remove.error}
      onCancel={close}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/bots", { replace: true }) })}
    />
  );
}
